"""What speaks against a comparison group, in plain words."""

from flask_babel import format_decimal
from flask_babel import gettext as _

from eqsr.assessments.catalogue import Norm
from eqsr.assessments.naming import translated
from eqsr.assessments.scoring.local import Caution


def caution(found: Caution) -> str:
    """The sentence of a caution."""
    sentence = {
        "small": _(
            "A small group: with %(number)d people its middle may be off by %(stens).1f of the ten "
            "steps, and so may every score."
        ),
        "few_finished": _(
            "A selected group: %(finished)d of %(invited)d people who were invited finished. Those "
            "who did not may differ."
        ),
        "one_job": _(
            "%(share).0f%% come from one job. For other jobs the group may be the wrong one."
        ),
        "narrow": _(
            "People differ less here (standard deviation %(own).2f) than in the published group "
            "(%(published).2f): small differences will look large, and the margin of error is "
            "larger than drawn."
        ),
    }[found.code]
    return sentence % found.facts


def norm_label(norm: Norm) -> str:
    """A norm in one line, for a list to choose from."""
    if not norm.n:
        return translated(norm.name)
    return _(
        "%(name)s, version %(version)s (%(number)s people, %(date)s)",
        name=translated(norm.name),
        version=norm.version,
        number=format_decimal(norm.n),
        date=norm.date,
    )
