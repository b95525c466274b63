"""From everybody who finished to counts per group; nothing about a single person leaves here."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from eqsr.candidates.models import Application
from eqsr.core.db import db
from eqsr.extras.fairness.categories import RACE, SEX
from eqsr.extras.fairness.rates import Count, Group, above_median, safe_cells, selected, table
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.models import StageLink
from eqsr.sittings.models import Score, Sitting

# Candidate -> (sex, race), None for what they did not say.
Said = Callable[[uuid.UUID], tuple[str | None, str | None]]

DIMENSIONS: Mapping[str, list[Group]] = {
    "sex": [(sex,) for sex in SEX],
    "race": [(race,) for race in RACE],
    "both": [(race, sex) for race in RACE for sex in SEX],
}


def count(organisation_id: uuid.UUID, said: Said) -> dict[str, Any]:
    """The figures of a report, as JSON: ``finished`` people, and ``sections``, each with ``kind``
    (selection, scoring), ``people``, and per dimension its ``tables`` and how many people are in
    none of the groups that are shown, ``unknown``."""
    outcomes = _outcomes(organisation_id)
    decided = {person: hit for person, hit in outcomes.items() if hit is not None}
    sections = [_section("selection", decided, said)]
    for (instrument, scale), scores in sorted(_scores(organisation_id).items()):
        above = dict(zip(scores, above_median(list(scores.values())), strict=True))
        sections.append(
            _section("scoring", above, said) | {"instrument": instrument, "scale": scale}
        )
    return {"finished": len(outcomes), "sections": sections}


def _section(kind: str, hits: Mapping[uuid.UUID, bool], said: Said) -> dict[str, Any]:
    tables, unknown = {}, {}
    counts = {
        dimension: _counts(groups, _placed(dimension, hits, said))
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
    dimension: str, hits: Mapping[uuid.UUID, bool], said: Said
) -> Iterable[tuple[Group, bool]]:
    for person, hit in hits.items():
        sex, race = said(person)
        said_here = {"sex": (sex,), "race": (race,), "both": (race, sex)}[dimension]
        group = tuple(category for category in said_here if category is not None)
        if len(group) == len(said_here):
            yield group, hit


def _counts(groups: list[Group], placed: Iterable[tuple[Group, bool]]) -> dict[Group, Count]:
    people: dict[Group, list[bool]] = {group: [] for group in groups}
    for group, hit in placed:
        people[group].append(hit)
    return {group: Count(len(hits), sum(hits)) for group, hits in people.items()}


def _outcomes(organisation_id: uuid.UUID) -> dict[uuid.UUID, bool | None]:
    """Everybody who finished, once, with what became of their latest application, as far as
    SmartRecruiters told it after they had finished."""
    rows = db.session.execute(
        select(
            Application.candidate_id,
            Application.status,
            Application.read_at,
            Invitation.completed_at,
            StageLink.status,
        )
        .select_from(Invitation)
        .join(Application, Application.id == Invitation.application_id)
        .outerjoin(StageLink, StageLink.id == Invitation.stage_link_id)
        .where(Invitation.organisation_id == organisation_id)
        .where(Invitation.state == InvitationState.COMPLETED)
        .order_by(Invitation.completed_at)
    )
    return {
        person: (
            selected(status, invited_at)
            if read_at and completed_at and read_at >= completed_at
            else None
        )
        for person, status, read_at, completed_at, invited_at in rows
    }


def _scores(organisation_id: uuid.UUID) -> dict[tuple[str, str], dict[uuid.UUID, float]]:
    """(instrument, scale) -> everybody's latest raw score that can be read, which no norm moves."""
    rows = db.session.execute(
        select(
            Sitting.instrument,
            Score.scale,
            Application.candidate_id,
            Score.outcome["raw"].as_float(),
        )
        .select_from(Score)
        .join(Sitting, Sitting.id == Score.sitting_id)
        .join(Invitation, Invitation.id == Sitting.invitation_id)
        .join(Application, Application.id == Invitation.application_id)
        .where(Invitation.organisation_id == organisation_id, Score.is_current)
        .where(Score.outcome["interpretable"].as_boolean())
        .order_by(Sitting.finished_at)
    )
    found: dict[tuple[str, str], dict[uuid.UUID, float]] = defaultdict(dict)
    for instrument, scale, person, raw in rows:
        found[instrument, scale][person] = raw
    return found
