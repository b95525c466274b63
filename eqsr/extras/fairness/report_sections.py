"""A report as sections for people to read: a title, and a table per dimension."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from eqsr.extras.fairness.categories import label
from eqsr.extras.fairness.models import FairnessReport
from eqsr.extras.fairness.rates import GroupRow
from eqsr.instruments import catalogue
from eqsr.instruments.naming import reading


@dataclass(frozen=True)
class Section:
    """One measure, with a table per dimension; ``title`` is for people, ``unknown`` how many did
    not say or are in a group that is too small to show. ``better``: which end is the better one,
    "high" or "low"; None if neither is, so that no group can be worse off."""

    kind: str
    title: str
    people: int
    tables: Mapping[str, list[GroupRow]]
    unknown: Mapping[str, int]
    better: str | None


def sections(report: FairnessReport) -> list[Section]:
    """The report's sections, in the order in which they were counted."""
    return [_section(one) for one in report.figures["sections"]]


def name(row: GroupRow) -> str:
    """The group's name, in the reader's language."""
    return label(row.group)


def _section(facts: dict[str, Any]) -> Section:
    tables = {
        dimension: [GroupRow(**row | {"group": tuple(row["group"])}) for row in rows]
        for dimension, rows in facts["tables"].items()
    }
    # Reports made before there was a direction counted every higher score as the better one.
    better = facts.get("better", "high")
    return Section(facts["kind"], _title(facts), facts["people"], tables, facts["unknown"], better)


def _title(facts: dict[str, Any]) -> str:
    if facts["kind"] == "selection":
        return _("Selection: who went on")
    instrument = catalogue.instrument(facts["instrument"], language=reading())
    scale = instrument.scale(facts["scale"]).name
    if facts.get("better") == "low":
        return _(
            "%(instrument)s, %(scale)s: score below the middle, which is the better half",
            instrument=instrument.name,
            scale=scale,
        )
    return _(
        "%(instrument)s, %(scale)s: score above the middle", instrument=instrument.name, scale=scale
    )
