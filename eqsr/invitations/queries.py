"""Find the invitations of an application."""

import uuid

from sqlalchemy import select

from eqsr.candidates.models import Application
from eqsr.core.db import db
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.models import StageLink

State = InvitationState


def of_application(job_id: uuid.UUID, application_id: uuid.UUID) -> Invitation | None:
    """The latest invitation of the application to the job."""
    return db.session.scalar(
        select(Invitation)
        .where(Invitation.job_id == job_id, Invitation.application_id == application_id)
        .order_by(Invitation.attempt.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def attempt_of(job_id: uuid.UUID, application_id: uuid.UUID, attempt: int) -> Invitation:
    """The invitation with this attempt number. Raises NoResultFound if there is none."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.job_id == job_id, Invitation.application_id == application_id)
        .where(Invitation.attempt == attempt)
        .execution_options(populate_existing=True)
    ).one()


def for_link(link: StageLink, application: Application) -> Invitation | None:
    """The application's latest invitation to the assessment of this stage.

    Another stage of the job with another assessment makes an invitation of its own.
    """
    made = db.session.scalars(
        select(Invitation)
        .where(Invitation.job_id == link.job_id, Invitation.application_id == application.id)
        .order_by(Invitation.attempt.desc())
        .execution_options(populate_existing=True)
    )
    return next((one for one in made if one.asks_for == link.asks_for), None)


def invited(application: Application) -> bool:
    """Whether the application was invited, and no invitation waits for a corrected address.

    An invitation that was cancelled before its email was sent does not count.
    """
    made = db.session.scalars(
        select(Invitation).where(Invitation.application_id == application.id)
    ).all()
    if any(one.state is State.UNDELIVERABLE for one in made):
        return False
    return any(not cancelled_before_sending(one) for one in made)


def cancelled_before_sending(invitation: Invitation) -> bool:
    """Whether we cancelled the invitation before its email was sent, so it may be queued again.

    An invitation that a user cancelled stays cancelled.
    """
    automatically = invitation.state is State.CANCELLED and invitation.cancelled_by_id is None
    return automatically and invitation.sent_at is None
