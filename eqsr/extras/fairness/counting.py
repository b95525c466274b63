"""From everybody who finished to counts per group; nothing about a single person leaves here."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from eqsr.extras.fairness import outcome_queries
from eqsr.extras.fairness.categories import RACE, SEX
from eqsr.extras.fairness.rates import Count, Group, above_median, table
from eqsr.extras.fairness.suppression import safe_cells

# Candidate -> (sex, race), None for what they did not say.
AnswersLookup = Callable[[uuid.UUID], tuple[str | None, str | None]]

DIMENSIONS: Mapping[str, list[Group]] = {
    "sex": [(sex,) for sex in SEX],
    "race": [(race,) for race in RACE],
    "both": [(race, sex) for race in RACE for sex in SEX],
}


def count(organisation_id: uuid.UUID, answers: AnswersLookup) -> dict[str, Any]:
    """The figures of a report, as JSON: ``finished`` people, and ``sections``, each with ``kind``
    (selection, scoring), ``people``, and per dimension its ``tables`` and how many people are in
    none of the groups that are shown, ``unknown``."""
    outcomes = outcome_queries.outcomes(organisation_id)
    decided = {person: hit for person, hit in outcomes.items() if hit is not None}
    sections = [_section("selection", decided, answers)]
    for (instrument, scale), scores in sorted(outcome_queries.scores(organisation_id).items()):
        above = dict(zip(scores, above_median(list(scores.values())), strict=True))
        sections.append(
            _section("scoring", above, answers) | {"instrument": instrument, "scale": scale}
        )
    return {"finished": len(outcomes), "sections": sections}


def _section(kind: str, hits: Mapping[uuid.UUID, bool], answers: AnswersLookup) -> dict[str, Any]:
    tables, unknown = {}, {}
    counts = {
        dimension: _counts(groups, _placed(dimension, hits, answers))
        for dimension, groups in DIMENSIONS.items()
    }
    safe = safe_cells(counts["both"], counts["race"] | counts["sex"])
    counts["both"] = {group: safe.get(group, Count(0, 0)) for group in counts["both"]}
    for dimension, found in counts.items():
        rows = table(found)
        tables[dimension] = [asdict(row) for row in rows]
        unknown[dimension] = len(hits) - sum(row.people or 0 for row in rows)
    return {"kind": kind, "people": len(hits), "tables": tables, "unknown": unknown}


def _placed(
    dimension: str, hits: Mapping[uuid.UUID, bool], answers: AnswersLookup
) -> Iterable[tuple[Group, bool]]:
    for person, hit in hits.items():
        sex, race = answers(person)
        given = {"sex": (sex,), "race": (race,), "both": (race, sex)}[dimension]
        group = tuple(category for category in given if category is not None)
        if len(group) == len(given):
            yield group, hit


def _counts(groups: list[Group], placed: Iterable[tuple[Group, bool]]) -> dict[Group, Count]:
    people: dict[Group, list[bool]] = {group: [] for group in groups}
    for group, hit in placed:
        people[group].append(hit)
    return {group: Count(len(hits), sum(hits)) for group, hits in people.items()}
