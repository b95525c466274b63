"""Redact or delete an application's data, table by table. All functions join the transaction."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, case, delete, or_, select, update

from eqsr.candidates.models import Application
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.extras.feedback.models import CandidateRequest
from eqsr.extras.partner_api.models import PlatformResult
from eqsr.extras.shared_profiles.models import ProfileShare
from eqsr.invitations import possible_actions, sign_up_deletion
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.mail import service as mails
from eqsr.mail.models import Mail
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Work
from eqsr.results.models import WriteBack, WriteBackState
from eqsr.sittings.models import Answer, Score, Sitting, TrialResponse

Ids = Sequence[uuid.UUID]


def sittings(invitation_ids: Ids) -> None:
    """Delete answers, trials, scores (replaced ones too) and results of other platforms."""
    session = db.session()
    theirs = select(Sitting.id).where(Sitting.invitation_id.in_(invitation_ids))
    for table in (Answer, TrialResponse, Score):
        session.execute(delete(table).where(table.sitting_id.in_(theirs)))
    session.execute(delete(Sitting).where(Sitting.invitation_id.in_(invitation_ids)))
    session.execute(delete(PlatformResult).where(PlatformResult.invitation_id.in_(invitation_ids)))


def requests(invitation_ids: Ids, user_id: uuid.UUID | None) -> None:
    """Close candidates' requests and erase their texts; that and when they were made is kept."""
    moment, rows = now(), CandidateRequest
    open_ones = rows.answered_at.is_(None)
    db.session.execute(
        update(rows)
        .where(rows.invitation_id.in_(invitation_ids))
        .values(
            text="",
            answer="",
            answered_by_id=case((open_ones, user_id), else_=rows.answered_by_id),
            answered_at=case((open_ones, moment), else_=rows.answered_at),
        )
        .execution_options(synchronize_session=False)
    )


def emails(application_id: uuid.UUID, invitation_ids: Ids) -> None:
    """Cancel queued emails; erase the addresses of sent ones and the errors of failed work."""
    asked = ids_where(CandidateRequest, CandidateRequest.invitation_id.in_(invitation_ids))
    to_people = Mail.subject_id.in_(asked) & (Mail.kind == WorkKind.CANDIDATE_REQUEST_MAIL)
    answers = Mail.subject_id.in_(asked) & (Mail.kind == WorkKind.CANDIDATE_ANSWER_MAIL)
    to_them = or_(Mail.subject_id.in_(invitation_ids), answers)
    for subject in (*invitation_ids, *asked):
        mails.cancel_queued(subject)
    written = ids_where(Mail, or_(to_people, to_them))
    session = db.session()
    session.execute(update(Mail).where(to_them).values(to_address="", problem=None))
    about = [application_id, *invitation_ids, *written]
    session.execute(update(Work).where(Work.subject_id.in_(about)).values(last_error=None))


def sign_ups(invitation_ids: Ids) -> None:
    """Delete what candidates entered at a job's open link."""
    sign_up_deletion.delete_of(list(invitation_ids))


def guest_links(candidate_id: uuid.UUID, moment: datetime) -> None:
    """Revoke every guest link to the candidate's profile, which shows all their results."""
    ended = db.session.scalars(
        update(ProfileShare)
        .where(ProfileShare.candidate_id == candidate_id, ProfileShare.revoked_at.is_(None))
        .values(revoked_at=moment)
        .returning(ProfileShare.id)
    ).all()
    for share_id in ended:
        mails.cancel_queued(share_id)


def write_backs(invitation_ids: Ids) -> None:
    """Erase our copy of what we wrote to SmartRecruiters.

    Kept is what the clean-up there needs: ids and, for a note without a known id, ``posting_at``.
    """
    rows = WriteBack
    lost = rows.note_text.is_not(None) & rows.note_id.is_(None) & rows.posting_at.is_(None)
    db.session.execute(
        update(rows)
        .where(rows.invitation_id.in_(invitation_ids))
        .values(
            state=WriteBackState.PENDING,
            posting_at=case((lost, now()), else_=rows.posting_at),
            note_text=None,
            report_name=None,
            report_fingerprint=None,
            problem=None,
            report_problem=None,
        )
        .execution_options(synchronize_session=False)
    )


def invitations(found: Collection[Invitation], user_id: uuid.UUID | None) -> None:
    """Cancel open invitations and erase addresses and links; states and times are kept."""
    for invitation in found:
        if invitation.state in possible_actions.CANCELLABLE:
            invitation.state = InvitationState.CANCELLED
        if invitation.state is InvitationState.CANCELLED:
            invitation.cancelled_by_id = invitation.cancelled_by_id or user_id
        invitation.email = ""
        invitation.link_generation += 1
        invitation.problem = invitation.fault = invitation.language = None
    db.session.flush()


def ids_where(
    table: type[Application] | type[CandidateRequest] | type[Mail], condition: ColumnElement[bool]
) -> list[uuid.UUID]:
    """The ids of the rows of a table for which a condition holds."""
    return list(db.session.scalars(select(table.id).where(condition)))
