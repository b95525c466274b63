"""From everybody who finished to counts per group; nothing about a single person leaves here."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from eqsr.extras.fairness import outcome_queries
from eqsr.extras.fairness.categories import RACE, SEX
from eqsr.extras.fairness.rates import Group, better_half, table
from eqsr.extras.fairness.suppression import safe_cells
from eqsr.extras.fairness.within_jobs import ByJob, Count, total
from eqsr.instruments import catalogue

# Candidate -> (sex, race), None for what they did not say.
AnswersLookup = Callable[[uuid.UUID], tuple[str | None, str | None]]

DIMENSIONS: Mapping[str, list[Group]] = {
    "sex": [(sex,) for sex in SEX],
    "race": [(race,) for race in RACE],
    "both": [(race, sex) for race in RACE for sex in SEX],
}


@dataclass(frozen=True)
class Hit:
    """Whether somebody was selected (or scored high), and in which job."""

    job: uuid.UUID
    hit: bool


def count(organisation_id: uuid.UUID, answers: AnswersLookup) -> dict[str, Any]:
    """The figures of a report, as JSON: ``finished`` people, and ``sections``, each with ``kind``
    (selection, scoring), ``people``, which end is ``better``, and per dimension its ``tables`` and
    how many people are in none of the groups that are shown, ``unknown``."""
    outcomes = outcome_queries.outcomes(organisation_id)
    decided = {
        person: Hit(one.job, one.selected)
        for person, one in outcomes.items()
        if one.selected is not None
    }
    sections = [_section("selection", decided, answers) | {"better": "high"}]
    for (instrument, scale), scores in sorted(outcome_queries.scores(organisation_id).items()):
        better = catalogue.instrument(instrument).scale(scale).better
        halves = better_half([one.raw for one in scores.values()], better)
        hits = {
            person: Hit(one.job, half)
            for (person, one), half in zip(scores.items(), halves, strict=True)
        }
        facts = {"instrument": instrument, "scale": scale, "better": better}
        sections.append(_section("scoring", hits, answers) | facts)
    return {"finished": len(outcomes), "sections": sections}


def _section(kind: str, hits: Mapping[uuid.UUID, Hit], answers: AnswersLookup) -> dict[str, Any]:
    tables, unknown = {}, {}
    counts = {
        dimension: _counts(groups, _placed(dimension, hits, answers))
        for dimension, groups in DIMENSIONS.items()
    }
    totals = {
        dimension: {group: total(by_job) for group, by_job in found.items()}
        for dimension, found in counts.items()
    }
    safe = safe_cells(totals["both"], totals["race"] | totals["sex"])
    counts["both"] = {
        group: by_job if group in safe else {} for group, by_job in counts["both"].items()
    }
    for dimension, found in counts.items():
        rows = table(found, len(hits))
        tables[dimension] = [asdict(row) for row in rows]
        unknown[dimension] = len(hits) - sum(row.people or 0 for row in rows)
    return {"kind": kind, "people": len(hits), "tables": tables, "unknown": unknown}


def _placed(
    dimension: str, hits: Mapping[uuid.UUID, Hit], answers: AnswersLookup
) -> Iterable[tuple[Group, Hit]]:
    for person, hit in hits.items():
        sex, race = answers(person)
        given = {"sex": (sex,), "race": (race,), "both": (race, sex)}[dimension]
        group = tuple(category for category in given if category is not None)
        if len(group) == len(given):
            yield group, hit


def _counts(groups: list[Group], placed: Iterable[tuple[Group, Hit]]) -> dict[Group, ByJob]:
    people: dict[Group, dict[uuid.UUID, list[bool]]] = {group: {} for group in groups}
    for group, one in placed:
        people[group].setdefault(one.job, []).append(one.hit)
    return {
        group: {job: Count(len(hits), sum(hits)) for job, hits in by_job.items()}
        for group, by_job in people.items()
    }
