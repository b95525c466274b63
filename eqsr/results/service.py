"""Bringing a SmartRecruiters profile to the state that an invitation asks for (summary.Goal)."""

import logging
import uuid
from typing import Any

from sqlalchemy import select, update

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.connections.clients import client_for
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.inserts import insert_if_absent
from eqsr.invitations import candidate_refresh
from eqsr.invitations import service as invitations
from eqsr.invitations.ats_application import ats_application
from eqsr.invitations.models import Invitation
from eqsr.merges import service as merges
from eqsr.results import report_file, withdrawal
from eqsr.results.candidate_gone import is_gone
from eqsr.results.models import WriteBack, WriteBackState
from eqsr.results.note import write_note
from eqsr.results.queries import change, get
from eqsr.results.summary import Goal, goal
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.base import SmartRecruitersError

log = logging.getLogger(__name__)


def of_invitation(invitation_id: uuid.UUID) -> WriteBack | None:
    """The invitation's write-back, read afresh; None if nothing was ever written."""
    return db.session.scalar(
        select(WriteBack)
        .where(WriteBack.invitation_id == invitation_id)
        .execution_options(populate_existing=True)
    )


def write(invitation_id: uuid.UUID) -> None:
    """Write tags, note and report to the profile; if the result was erased, withdraw them instead.

    Each step is recorded as soon as SmartRecruiters has accepted it, so a retry does only the rest.
    The outbox never runs this twice at once for one invitation. Raises SmartRecruitersError.
    """
    invitation = invitations.load(invitation_id)
    application = invitation.application
    if application.ats_job is None:
        return
    if invitation.erased:
        withdrawal.withdraw(invitation)
        return
    there = ats_application(application)
    write_back_id = _begin(invitation_id, there.candidate_id)
    if invitation.job.attach_report and invitation.completed_at is not None:
        candidate_refresh.before_use(application)  # the report names the candidate
    wanted = goal(invitation)
    client, candidate_id = client_for(there.connection), there.candidate_id
    try:
        _write_tags(client, write_back_id, candidate_id, wanted)
        write_note(client, there.connection, write_back_id, candidate_id, wanted)
        report_file.write_report(client, write_back_id, invitation, there)
    except SmartRecruitersError as error:
        if not is_gone(client, candidate_id, error):
            change(write_back_id, problem=error.sentence)
            raise
        if merges.follow(there.connection, client, candidate_id):
            # Everything belongs to the profile that is left now, and is written there.
            write(invitation_id)
            return
        _fail(invitation, write_back_id, error)
        return
    _done(invitation, write_back_id, wanted)


def on_dead(invitation_id: uuid.UUID, reason: str) -> None:
    """Record that every attempt failed; the work is dead until an operator retries it."""
    with transaction():
        write_back = of_invitation(invitation_id)
        if write_back is not None:
            write_back.state = WriteBackState.FAILED
            write_back.problem = reason
        invitation = invitations.load(invitation_id)
        if invitation.erased:
            _log(invitation, ActivityKind.WITHDRAWAL_FAILED, why=reason)
        else:
            _log(invitation, ActivityKind.WRITE_BACK_FAILED, reason=reason)


def _begin(invitation_id: uuid.UUID, candidate_id: str) -> uuid.UUID:
    """Begin writing to this profile (SmartRecruiters' id); return the write-back's id.

    If an earlier note is on a profile that was merged into this one, it is forgotten except for
    its id, by which it is deleted before the new one is posted.
    """
    with transaction() as session:
        insert_if_absent(WriteBack, invitation_id=invitation_id, tags=[])
        session.execute(
            update(WriteBack)
            .where(WriteBack.invitation_id == invitation_id)
            .where(WriteBack.ats_candidate_id != candidate_id)
            .values(tags=[], note_text=None, posting_at=None, report_fingerprint=None)
            .execution_options(synchronize_session=False)
        )
        return session.scalars(
            update(WriteBack)
            .where(WriteBack.invitation_id == invitation_id)
            .values(wanted_at=now(), state=WriteBackState.PENDING, ats_candidate_id=candidate_id)
            .returning(WriteBack.id)
        ).one()


def _write_tags(
    client: SmartRecruiters, write_back_id: uuid.UUID, candidate_id: str, wanted: Goal
) -> None:
    # Compared by number, not by words: tags in the organisation's earlier language stay.
    missing = wanted.tags[len(get(write_back_id).tags) :]
    if missing:
        # Adding a tag twice changes nothing, so a retry is safe and _done records the tags.
        client.add_tags(candidate_id, list(missing))


def _done(invitation: Invitation, write_back_id: uuid.UUID, wanted: Goal) -> None:
    with transaction():
        written = get(write_back_id).tags
        tags = [*written, *wanted.tags[len(written) :]]
        change(
            write_back_id,
            tags=tags,
            state=WriteBackState.DONE,
            written_at=now(),
            problem=None,
        )
        row = get(write_back_id)
        kind = ActivityKind.WRITTEN_BACK_NOTE if wanted.note else ActivityKind.WRITTEN_BACK
        if row.report_id:
            kind = ActivityKind.WRITTEN_BACK_REPORT
        # A retry that found everything written already logs nothing new.
        activity.log_once(
            kind,
            invitation.organisation_id,
            invitation.application_id,
            f"{invitation.id} {row.note_id} {row.report_id}",
            job_id=invitation.job_id,
            what=", ".join(tags),
        )


def _fail(invitation: Invitation, write_back_id: uuid.UUID, error: SmartRecruitersError) -> None:
    log.info("the candidate is gone: %s", error)
    with transaction():
        change(write_back_id, state=WriteBackState.FAILED, problem=error.sentence)
        _log(invitation, ActivityKind.CANDIDATE_GONE)


def _log(invitation: Invitation, kind: ActivityKind, **facts: Any) -> None:
    activity.log(
        kind,
        invitation.organisation_id,
        application_id=invitation.application_id,
        job_id=invitation.job_id,
        **facts,
    )
