"""What the holder of a candidate's link can do now."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from eqsr.core.db import db
from eqsr.instruments import catalogue, tasks
from eqsr.instruments.catalogue import Assessment, Instrument
from eqsr.invitations import service as invitations
from eqsr.invitations.emails import candidate_language
from eqsr.invitations.models import TIME_TO_FINISH, Invitation
from eqsr.jobs.models import Job, JobKind, JobState
from eqsr.sittings.models import Sitting
from eqsr.sittings.records import answers_of, instrument_of, sittings_of
from eqsr.sittings.standing import Standing, standing_of


@dataclass(frozen=True)
class SittingPart:
    """A part of the assessment: an instrument, and its sitting once it was started."""

    instrument: Instrument
    sitting: Sitting | None

    @property
    def finished(self) -> bool:
        """Whether the part is finished and scored."""
        return self.sitting is not None and self.sitting.finished_at is not None

    @property
    def underway(self) -> bool:
        """Whether the part was started and is not finished."""
        return self.sitting is not None and not self.finished

    @property
    def is_task(self) -> bool:
        """Whether the part is a game."""
        return self.instrument.kind == "task"

    @property
    def timed(self) -> bool:
        """Whether the part has a time limit, which extra time would stretch."""
        return self.is_task and tasks.timed(self.instrument)


@dataclass(frozen=True)
class Taking:
    """An invitation and one of its parts: the next one, the last one taken, or the one asked for.

    ``answers``: item number -> value, as stored. ``closes_at``: the deadline to start or, once
    started, to finish. ``standing`` is that of the part while any part is open.
    """

    invitation: Invitation
    parts: tuple[SittingPart, ...]
    part: SittingPart
    standing: Standing
    closes_at: datetime
    answers: Mapping[int, int]

    @property
    def instrument(self) -> Instrument:
        """The part's instrument."""
        return self.part.instrument

    @property
    def sitting(self) -> Sitting | None:
        """The part's sitting; None before its start."""
        return self.part.sitting

    @property
    def number(self) -> int:
        """The part's number, counted from 1."""
        return self.parts.index(self.part) + 1

    @property
    def begun(self) -> bool:
        """Whether any part was started."""
        return any(part.sitting for part in self.parts)

    @property
    def plays(self) -> bool:
        """Whether there is a game among the parts."""
        return any(part.is_task for part in self.parts)

    @property
    def waits(self) -> list[SittingPart]:
        """The parts that were not started and have a time limit."""
        return [part for part in self.parts if part.timed and part.sitting is None]

    @property
    def minutes_left(self) -> int:
        """Duration of the unfinished parts, in whole minutes."""
        return sum(part.instrument.minutes for part in self.parts if not part.finished)

    @property
    def time_factor(self) -> float:
        """The factor for extra time that was chosen last; 1 before the first start."""
        sittings = [part.sitting for part in self.parts if part.sitting]
        return sittings[-1].time_factor if sittings else 1.0

    @property
    def total(self) -> int:
        """Number of items in the questionnaire."""
        return len(self.instrument.items)

    @property
    def choices(self) -> list[tuple[int, str]]:
        """(value, label) of each answer option."""
        return [(option.value, option.label) for option in self.instrument.options]

    @property
    def missing(self) -> list[int]:
        """Numbers of the items without an answer, in the order of presentation."""
        return [item.number for item in self.instrument.items if item.number not in self.answers]


@dataclass(frozen=True)
class Shared:
    """A job with an open link, its assessment and the assessment's parts."""

    job: Job
    assessment: Assessment
    parts: tuple[SittingPart, ...]

    @property
    def plays(self) -> bool:
        """Whether there is a game among the parts."""
        return any(part.is_task for part in self.parts)


def taking(invitation_id: uuid.UUID, instrument_id: str | None = None) -> Taking | None:
    """What the holder of this invitation's link can do now; None if there is no such invitation.

    The part is the next one, or that of ``instrument_id``; None if there is no such part. Parts
    that were not started are in the candidate's language.
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
        named = [one for one in parts if one.instrument.id == instrument_id]
        if not named:
            return None
        part = named[0]
    closes_at = invitation.expires_at + (TIME_TO_FINISH if sittings else timedelta())
    return Taking(
        invitation=invitation,
        parts=parts,
        part=part,
        standing=standing_of(invitation, part.sitting, closes_at, part.finished or not unfinished),
        closes_at=closes_at,
        answers=_answers(part),
    )


def present_taking(invitation_id: uuid.UUID, instrument_id: str | None = None) -> Taking:
    """Like ``taking``, for an invitation and part that exist. Raises LookupError otherwise."""
    found = taking(invitation_id, instrument_id)
    if found is None:
        raise LookupError(f"no invitation {invitation_id}, or no part {instrument_id}")
    return found


def shared(job_id: uuid.UUID, language: str = "en") -> Shared | None:
    """What a job's open link leads to; None if there is no such job or it is not open."""
    job = db.session.get(Job, job_id, populate_existing=True)
    if job is None or job.kind != JobKind.LINK or job.state != JobState.OPEN:
        return None
    assessment = catalogue.assessment(job.assessment)
    parts = tuple(_part(one, None, language) for one in assessment.instruments)
    return Shared(job, assessment, parts)


def _part(instrument_id: str, sitting: Sitting | None, language: str) -> SittingPart:
    if sitting is not None:
        return SittingPart(instrument_of(sitting), sitting)
    return SittingPart(catalogue.instrument(instrument_id, language=language), None)


def _answers(part: SittingPart) -> dict[int, int]:
    if part.sitting is None or part.is_task:
        return {}
    return {item: row.value for item, row in answers_of(part.sitting).items()}
