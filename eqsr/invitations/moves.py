"""From "something changed" to a decision: the application is read again and compared."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from eqsr.candidates import mirror
from eqsr.candidates.models import Application, Candidate
from eqsr.connections.clients import client_for, means_gone
from eqsr.connections.models import Connection
from eqsr.db import transaction
from eqsr.invitations import service
from eqsr.invitations.decisions import Reading, Watch, decide
from eqsr.jobs.models import JobState, StageLink
from eqsr.jobs.watching import links_watching
from eqsr.ledger import service as ledger
from eqsr.mail.addresses import usable_address
from eqsr.outbox.handlers import PutBack
from eqsr.smartrecruiters import types as sr
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors import NoAccess, NotFound

log = logging.getLogger(__name__)

# Seconds until something that looks gone is looked at again.
SECOND_LOOK = 30.0


@dataclass(frozen=True)
class Cause:
    """Why we look. ``name`` tells causes apart (an event's id); ``kind`` is the ledger's word
    (``move_seen``, ``move_found``); ``just_moved``: an event spoke of this very move;
    ``second_look``: believe it when the application seems to be gone."""

    name: str
    kind: str
    just_moved: bool
    second_look: bool = True


class LooksGone(PutBack):
    """Of an application that has just been moved, SmartRecruiters says that it is gone. It may be;
    but it says the same while it has trouble with tokens."""

    def __init__(self) -> None:
        super().__init__(SECOND_LOOK, "it looks gone; it is looked at a second time")


@dataclass(frozen=True)
class Seen:
    """What SmartRecruiters says of one application."""

    candidate: sr.Candidate
    application: sr.Application
    reading: Reading


def consider(connection: Connection, candidate_id: str, job_id: str, cause: Cause) -> str:
    """Read one application and invite where that is due; ids are SmartRecruiters'.

    Returns a word for operators. Raises SmartRecruitersError when it can't be read now, and
    LooksGone at a first look.
    """
    links = links_watching(connection.id, job_id)
    if not links:
        return "job not connected"
    client = client_for(connection)
    try:
        seen = _read(client, candidate_id, job_id, cause.just_moved)
    except (NotFound, NoAccess) as error:
        if not means_gone(error, client):
            raise
        if not cause.second_look:
            raise LooksGone from None
        _note_gone(connection, candidate_id, job_id, cause)
        return "application gone"
    # Read again: connecting and disconnecting may have happened meanwhile.
    return _record(connection, links_watching(connection.id, job_id), seen, cause)


def _read(client: SmartRecruiters, candidate_id: str, job_id: str, just_moved: bool) -> Seen:
    application = client.application(candidate_id, job_id)
    candidate = client.candidate(candidate_id)
    history = _history(client, candidate_id, job_id)
    reading = Reading(application.stage, history, candidate.email, just_moved)
    return Seen(candidate, application, reading)


def _history(
    client: SmartRecruiters, candidate_id: str, job_id: str
) -> tuple[sr.StatusChange, ...]:
    try:
        return client.status_history(candidate_id, job_id)
    except (NoAccess, NotFound) as error:
        if error.status == 401:  # a scope that is missing is a 403
            raise
        # Without the history the word of an event has to do; see decisions.
        log.info("no status history")
        return ()


def _record(connection: Connection, links: list[StageLink], seen: Seen, cause: Cause) -> str:
    if seen.reading.since:
        # Several events may tell of one stay in a stage: it is told once.
        cause = replace(cause, name=seen.reading.since.isoformat())
    if not links:
        return "job not connected"
    with transaction():
        candidate = mirror.keep_candidate(connection.organisation_id, seen.candidate)
        application = mirror.keep_application(
            candidate, links[0].ats_job, seen.application, seen.reading.since
        )
        _tell(application, cause, cause.kind, stage=seen.reading.stage.label)
        verdicts = [_follow(link, candidate, application, seen.reading, cause) for link in links]
    return ", ".join(verdicts)


def _follow(
    link: StageLink,
    candidate: Candidate,
    application: Application,
    reading: Reading,
    cause: Cause,
) -> str:
    """Decide for one stage link, and do it."""
    wanted = sr.Stage(link.status, link.sub_status or None)
    before = service.of_application(link.job_id, application.id)
    invited = before is not None and not service.called_off_unsent(before)
    invited_on = before.queued_at if invited else None
    watch = Watch(wanted, link.since, link.job.state is JobState.OPEN, invited_on)
    decision = decide(watch, reading)
    if decision.invite:
        address = usable_address(candidate.email)
        made = service.invite_from_stage(link, application, address, reading.stage.label)
        return "invited" if made else "already invited"
    if decision.kind == "already_invited" and not _came_again(reading, wanted, invited_on):
        return "already invited"
    _tell(
        application,
        cause,
        decision.kind,
        job=link.job.title,
        stage=reading.stage.label,
        wanted=wanted.label,
        email=candidate.email or "",
        date=f"{invited_on:%Y-%m-%d}" if invited_on else "",
    )
    return decision.kind.replace("_", " ")


def _came_again(reading: Reading, wanted: sr.Stage, invited_on: datetime) -> bool:
    """The application came to the stage anew after its invitation, so somebody may wonder why
    there is no second one. Further events of the same stay are no news."""
    came = reading.came_into(wanted)
    return reading.stage == wanted and came is not None and came > invited_on


def _note_gone(connection: Connection, candidate_id: str, job_id: str, cause: Cause) -> None:
    application = mirror.known_application(connection, candidate_id, job_id)
    if application is not None:
        _tell(application, cause, "application_gone")


def _tell(application: Application, cause: Cause, kind: str, **facts: str) -> None:
    ledger.note_once(kind, application.organisation_id, application.id, cause.name, **facts)
