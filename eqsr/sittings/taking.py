"""What the holder of a link can do now."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.core.messages import N_, UserError
from eqsr.instruments import catalogue, tasks
from eqsr.instruments.catalogue import Assessment, Instrument
from eqsr.invitations import service as invitations
from eqsr.invitations.models import TIME_TO_FINISH, Invitation, InvitationState
from eqsr.invitations.sending import candidate_language
from eqsr.jobs.models import Job, JobKind, JobState
from eqsr.sittings.models import Sitting
from eqsr.sittings.records import answers_of, instrument_of, sittings_of


class Closed(UserError):
    """The sitting takes no more answers."""

    status = 410


class Standing(StrEnum):
    """Where an invitation, or a part of it, stands for the person who holds its link."""

    READY = "ready"
    UNDERWAY = "underway"
    FINISHED = "finished"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class SittingPart:
    """An instrument of the assessment; ``sitting`` is None before its start."""

    instrument: Instrument
    sitting: Sitting | None

    @property
    def finished(self) -> bool:
        return self.sitting is not None and self.sitting.finished_at is not None

    @property
    def underway(self) -> bool:
        return self.sitting is not None and not self.finished

    @property
    def is_task(self) -> bool:
        return self.instrument.kind == "task"

    @property
    def timed(self) -> bool:
        """Whether there is a time limit that extra time would stretch."""
        return self.is_task and tasks.timed(self.instrument)


@dataclass(frozen=True)
class Taking:
    """An invitation with the part that is to be taken now, was taken last, or was asked for.

    ``answers``: item number -> value, as stored. ``closes_at``: last moment to start or, once
    started, to finish. ``standing`` is the part's as long as any part is open.
    """

    invitation: Invitation
    parts: tuple[SittingPart, ...]
    part: SittingPart
    standing: Standing
    closes_at: datetime
    answers: Mapping[int, int]

    @property
    def instrument(self) -> Instrument:
        return self.part.instrument

    @property
    def sitting(self) -> Sitting | None:
        return self.part.sitting

    @property
    def number(self) -> int:
        """Which part this is, counted from 1."""
        return self.parts.index(self.part) + 1

    @property
    def begun(self) -> bool:
        return any(part.sitting for part in self.parts)

    @property
    def plays(self) -> bool:
        """Whether there is a game among the parts."""
        return any(part.is_task for part in self.parts)

    @property
    def waits(self) -> list[SittingPart]:
        """The parts still to come, in which extra time makes a difference."""
        return [part for part in self.parts if part.timed and part.sitting is None]

    @property
    def minutes_left(self) -> int:
        """Of the parts that are not finished, in whole minutes."""
        return sum(part.instrument.minutes for part in self.parts if not part.finished)

    @property
    def time_factor(self) -> float:
        """As it was chosen last; 1 before anything was."""
        sittings = [part.sitting for part in self.parts if part.sitting]
        return sittings[-1].time_factor if sittings else 1.0

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
    """A job with an open link, and what it asks people to take."""

    job: Job
    assessment: Assessment
    parts: tuple[SittingPart, ...]

    @property
    def plays(self) -> bool:
        """Whether there is a game among the parts."""
        return any(part.is_task for part in self.parts)


def taking(invitation_id: uuid.UUID, instrument_id: str | None = None) -> Taking | None:
    """What the holder of this invitation's link can do now, in the part that is next or in the one
    of that instrument; None if there is no such invitation or part.

    Parts that are not started are in the candidate's language.
    """
    invitation = invitations.get(invitation_id)
    if invitation is None:
        return None
    language = candidate_language(invitation)
    sittings = {sitting.instrument: sitting for sitting in sittings_of([invitation.id])}
    ids = catalogue.assessment(invitation.asks_for).instruments
    parts = tuple(_part(one, sittings.get(one), language) for one in ids)
    unfinished = [part for part in parts if not part.finished]
    part = unfinished[0] if unfinished else parts[-1]
    if instrument_id is not None:
        part = next((one for one in parts if one.instrument.id == instrument_id), None)
        if part is None:
            return None
    closes_at = invitation.expires_at + (TIME_TO_FINISH if sittings else timedelta())
    return Taking(
        invitation=invitation,
        parts=parts,
        part=part,
        standing=standing_of(invitation, part.sitting, closes_at, part.finished or not unfinished),
        closes_at=closes_at,
        answers=_answers(part),
    )


def shared(job_id: uuid.UUID, language: str = "en") -> Shared | None:
    """What an open link leads to; None when its job is not there or does not take anybody now."""
    job = db.session.get(Job, job_id, populate_existing=True)
    if job is None or job.kind != JobKind.LINK or job.state != JobState.OPEN:
        return None
    assessment = catalogue.assessment(job.assessment)
    parts = tuple(_part(one, None, language) for one in assessment.instruments)
    return Shared(job, assessment, parts)


def standing_of(
    invitation: Invitation, sitting: Sitting | None, closes_at: datetime, done: bool
) -> Standing:
    """Where the invitation stands at this moment; ``done`` when nothing is left of what is asked
    about."""
    if done or invitation.state == InvitationState.COMPLETED:
        return Standing.FINISHED
    gone = invitation.application.candidate.removed_at is not None
    if gone or invitation.state == InvitationState.CANCELLED:
        return Standing.CANCELLED
    if now() >= closes_at:
        return Standing.EXPIRED
    return Standing.UNDERWAY if sitting else Standing.READY


def locked(session: Session, sitting_id: uuid.UUID) -> Sitting:
    """The sitting as it is now, its row locked until the transaction ends. Raises Closed when it
    was erased meanwhile."""
    found = session.scalar(
        select(Sitting)
        .where(Sitting.id == sitting_id)
        .with_for_update(of=Sitting)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise closed(Standing.CANCELLED)
    return found


def open_sitting(session: Session, sitting_id: uuid.UUID) -> Sitting:
    """The same. Raises Closed once the sitting is over."""
    sitting = locked(session, sitting_id)
    closes_at = sitting.invitation.expires_at + TIME_TO_FINISH
    finished = sitting.finished_at is not None
    standing = standing_of(sitting.invitation, sitting, closes_at, done=finished)
    if standing != Standing.UNDERWAY:
        raise closed(standing)
    return sitting


def closed(standing: Standing) -> Closed:
    """Why nothing more is taken, in one sentence."""
    return Closed(
        {
            Standing.READY: N_("Open your invitation's link again and press Start."),
            Standing.FINISHED: N_(
                "You have finished already, so answers can't be changed any more."
            ),
            Standing.EXPIRED: N_(
                "The time for this questionnaire is over. Ask the person who invited "
                "you for more time."
            ),
            Standing.CANCELLED: N_(
                "This invitation was withdrawn. Ask the person who invited you "
                "if you think that is a mistake."
            ),
        }[standing]
    )


def _part(instrument_id: str, sitting: Sitting | None, language: str) -> SittingPart:
    if sitting is not None:
        return SittingPart(instrument_of(sitting), sitting)
    return SittingPart(catalogue.instrument(instrument_id, language=language), None)


def _answers(part: SittingPart) -> dict[int, int]:
    if part.sitting is None or part.is_task:
        return {}
    return {item: row.value for item, row in answers_of(part.sitting).items()}
