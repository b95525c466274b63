"""Target ranges in words."""

from flask_babel import gettext as _

from eqsr.extras.target_ranges.models import TargetRange
from eqsr.extras.target_ranges.overlap import Overlap
from eqsr.instruments import catalogue
from eqsr.instruments.naming import reading


def sought(wanted: TargetRange) -> str:
    """The range, such as "stens 4 to 8"."""
    if wanted.least == wanted.most:
        return _("sten %(sten)s", sten=wanted.least)
    return _("stens %(least)s to %(most)s", least=wanted.least, most=wanted.most)


def overlap(found: Overlap) -> str:
    """Where a band lies relative to the target range."""
    return {
        Overlap.WITHIN: _("The band lies within the sought range"),
        Overlap.OVERLAPS: _("The band overlaps the sought range"),
        Overlap.ABOVE: _("The band lies above the sought range"),
        Overlap.BELOW: _("The band lies below the sought range"),
        Overlap.UNKNOWN: _("It can't be told"),
    }[found]


def scale_name(stored: str) -> str:
    """The name of a scale in the activity log. Older entries hold the name instead of an id."""
    instrument, _dot, scale = stored.partition(".")
    try:
        return catalogue.instrument(instrument, language=reading()).scale(scale).name
    except KeyError:
        return stored
