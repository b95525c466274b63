"""What the holder of a link can do now."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from eqsr.assessments import catalogue
from eqsr.assessments.catalogue import Assessment, Instrument
from eqsr.assessments.models import Sitting
from eqsr.assessments.records import answers_of, instrument_of, sittings_of
from eqsr.clock import now
from eqsr.db import db
from eqsr.invitations import service as invitations
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.models import Job, JobKind, JobState

# An invitation can be started until it expires; who has started may still finish for this long.
TIME_TO_FINISH = timedelta(hours=24)


class Standing(StrEnum):
    """Where an invitation stands for the person who holds its link."""

    READY = "ready"
    UNDERWAY = "underway"
    FINISHED = "finished"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Taking:
    """An invitation with the instrument that is to be taken now, or was taken last.

    ``answers``: item number -> value, as stored. ``closes_at``: last moment to start or, once
    started, to finish. ``sitting`` is None before the start.
    """

    invitation: Invitation
    instrument: Instrument
    sitting: Sitting | None
    standing: Standing
    closes_at: datetime
    answers: Mapping[int, int]

    @property
    def total(self) -> int:
        return len(self.instrument.items)

    @property
    def choices(self) -> list[tuple[int, str]]:
        return [(option.value, option.label) for option in self.instrument.options]

    @property
    def missing(self) -> list[int]:
        """Numbers of the items without an answer, in the order of presentation."""
        return [item.number for item in self.instrument.items if item.number not in self.answers]


@dataclass(frozen=True)
class Shared:
    """A job with an open link, what it asks people to take, and the first part of that."""

    job: Job
    assessment: Assessment
    instrument: Instrument


def taking(invitation_id: uuid.UUID, language: str = "en") -> Taking | None:
    """What the holder of this invitation's link can do now; None if there is no such invitation."""
    invitation = invitations.get(invitation_id)
    if invitation is None:
        return None
    sittings = {sitting.instrument: sitting for sitting in sittings_of([invitation.id])}
    parts = catalogue.assessment(invitation.asks_for).instruments
    unfinished = [part for part in parts if part not in sittings or not sittings[part].finished_at]
    part = unfinished[0] if unfinished else parts[-1]
    sitting = sittings.get(part)
    closes_at = invitation.expires_at + (TIME_TO_FINISH if sittings else timedelta())
    return Taking(
        invitation=invitation,
        instrument=instrument_of(sitting)
        if sitting
        else catalogue.instrument(part, language=language),
        sitting=sitting,
        standing=standing_of(invitation, sitting, closes_at, done=not unfinished),
        closes_at=closes_at,
        answers={item: row.value for item, row in answers_of(sitting).items()} if sitting else {},
    )


def shared(job_id: uuid.UUID, language: str = "en") -> Shared | None:
    """What an open link leads to; None when its job is not there or does not take anybody now."""
    job = db.session.get(Job, job_id, populate_existing=True)
    if job is None or job.kind != JobKind.LINK or job.state != JobState.OPEN:
        return None
    assessment = catalogue.assessment(job.assessment)
    first = catalogue.instrument(assessment.instruments[0], language=language)
    return Shared(job, assessment, first)


def standing_of(
    invitation: Invitation, sitting: Sitting | None, closes_at: datetime, done: bool
) -> Standing:
    """Where the invitation stands at this moment; ``done`` when every part is finished."""
    if done or invitation.state == InvitationState.COMPLETED:
        return Standing.FINISHED
    gone = invitation.application.candidate.removed_at is not None
    if gone or invitation.state == InvitationState.CANCELLED:
        return Standing.CANCELLED
    if now() >= closes_at:
        return Standing.EXPIRED
    return Standing.UNDERWAY if sitting else Standing.READY
