"""Using an earlier result for another job, if the candidate agrees.

The answers are copied, and scored again against the second job's comparison group. The copy keeps
the times at which they were given. Erasing one of the two erases both (extras.privacy.erasure).
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, class_mapper

from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.models import Application, address_key, folded_name
from eqsr.core.clock import day_in, now
from eqsr.core.db import Base, db, transaction
from eqsr.core.messages import UserError
from eqsr.duplicates.reuse import reusable_since
from eqsr.duplicates.same_person import profiles_of
from eqsr.instruments import catalogue
from eqsr.invitations import progress
from eqsr.invitations import service as invitations
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.models import Job
from eqsr.sittings import score_store
from eqsr.sittings.models import Answer, Sitting, TrialResponse
from eqsr.sittings.records import sittings_of


def offer(invitation: Invitation) -> Invitation | None:
    """The person's latest result that may be used for this invitation; None if there is none.

    It is of the same organisation and for the same assessment in its present version, complete,
    and not older than the organisation allows. A result that was itself used again leads to where
    it was given.
    """
    organisation = invitation.job.organisation
    if not organisation.reuse_months or invitation.state not in invitations.BEFORE_START:
        return None
    found = db.session.scalars(
        select(Invitation)
        .join(Application, Application.id == Invitation.application_id)
        .join(Job, Job.id == Invitation.job_id)
        .where(Application.candidate_id.in_(_profiles(invitation)))
        .where(
            Invitation.organisation_id == organisation.id, Invitation.job_id != invitation.job_id
        )
        .where(Invitation.state == InvitationState.COMPLETED, Invitation.email != "")
        .where(Invitation.result_of_id.is_(None))
        .where(Invitation.completed_at > reusable_since(organisation))
        .where(func.coalesce(Invitation.assessment, Job.assessment) == invitation.asks_for)
        .order_by(Invitation.completed_at.desc())
    )
    # The profile's address may change after the link was mailed: only the mailboxes count.
    mailbox = address_key(invitation.email)
    name = folded_name(invitation.application.candidate.name)
    mine = (
        one
        for one in found
        if address_key(one.email) == mailbox and folded_name(one.application.candidate.name) == name
    )
    return next((one for one in mine if _is_whole(one)), None)


def is_offered(invitation: Invitation) -> bool:
    """Whether the invitation's page offers an earlier result."""
    return offer(invitation) is not None and not sittings_of([invitation.id])


def taken_at(invitation: Invitation) -> datetime | None:
    """When the result that this invitation uses again was given; None if it has its own."""
    if invitation.result_of_id is None:
        return None
    moments = [one.finished_at for one in sittings_of([invitation.id]) if one.finished_at]
    return max(moments, default=None)


def use(invitation_id: uuid.UUID) -> bool:
    """Use the earlier result, as the candidate agreed; False if the invitation is over already.

    Raises UserError if there is no such result any more.
    """
    with transaction() as session:
        invitation = invitations.locked(invitation_id)
        if invitation.state not in invitations.BEFORE_START or sittings_of([invitation_id]):
            return False
        earlier = offer(invitation)
        if earlier is None:
            raise UserError("Your earlier result can't be used any more. Take it again, please.")
        invitation.result_of_id, invitation.result_agreed_at = earlier.id, now()
        for sitting in sittings_of([earlier.id]):
            _copy(session, sitting, invitation)
        zone = invitation.job.organisation.time_zone
        day = day_in(zone, earlier.completed_at or now())
        invitations.log_activity(invitation, ActivityKind.RESULT_USED_AGAIN, date=str(day))
        progress.completed(invitation_id)
        return True


def _profiles(invitation: Invitation) -> list[uuid.UUID]:
    """The person's profiles of this very address: a name and a phone are too little for this."""
    return profiles_of(invitation.application.candidate, by_address=True)


def _is_whole(invitation: Invitation) -> bool:
    """Whether every part was finished, in the version that would be taken today."""
    taken = {one.instrument: one for one in sittings_of([invitation.id])}
    wanted = catalogue.assessment(invitation.asks_for).instruments
    return all(
        one in taken
        and taken[one].finished_at is not None
        and taken[one].instrument_version == catalogue.instrument(one).version
        for one in wanted
    )


def _copy(session: Session, sitting: Sitting, invitation: Invitation) -> None:
    copied = Sitting(**_columns(sitting, but=("id",)) | {"invitation_id": invitation.id})
    copied.invitation = invitation
    session.add(copied)
    session.flush()
    tables: tuple[type[Answer] | type[TrialResponse], ...] = (Answer, TrialResponse)
    for table in tables:
        for row in session.scalars(select(table).where(table.sitting_id == sitting.id)):
            session.add(table(**_columns(row) | {"sitting_id": copied.id}))
    session.flush()
    score_store.store(session, copied, score_store.result_of(copied))


def _columns(row: Base, but: tuple[str, ...] = ()) -> dict[str, Any]:
    names = [one.key for one in class_mapper(type(row)).column_attrs if one.key not in but]
    return {name: getattr(row, name) for name in names}
