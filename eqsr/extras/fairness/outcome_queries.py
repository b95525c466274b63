"""Queries for the candidates who finished: SmartRecruiters' decisions about them, their scores."""

import uuid
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select

from eqsr.candidates.models import Application
from eqsr.core.db import db
from eqsr.extras.fairness.rates import selected
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.models import StageLink
from eqsr.sittings.models import Score, Sitting


@dataclass(frozen=True)
class Outcome:
    """What became of an application for a job; ``selected`` is None if it is not decided."""

    job: uuid.UUID
    selected: bool | None


@dataclass(frozen=True)
class RawScore:
    """A raw score, which no norm moves, and the job for which it was given."""

    job: uuid.UUID
    raw: float


def outcomes(organisation_id: uuid.UUID) -> dict[uuid.UUID, Outcome]:
    """Everybody who finished, once, with what became of their latest application, as far as
    SmartRecruiters told it after they had finished."""
    rows = db.session.execute(
        select(
            Application.candidate_id,
            Invitation.job_id,
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
        person: Outcome(
            job,
            selected(status, invited_at)
            if read_at and completed_at and read_at >= completed_at
            else None,
        )
        for person, job, status, read_at, completed_at, invited_at in rows
    }


def scores(organisation_id: uuid.UUID) -> dict[tuple[str, str], dict[uuid.UUID, RawScore]]:
    """(instrument, scale) -> everybody's latest raw score that can be read."""
    rows = db.session.execute(
        select(
            Sitting.instrument,
            Score.scale,
            Application.candidate_id,
            Invitation.job_id,
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
    found: dict[tuple[str, str], dict[uuid.UUID, RawScore]] = defaultdict(dict)
    for instrument, scale, person, job, raw in rows:
        found[instrument, scale][person] = RawScore(job, raw)
    return found
