"""The addresses that candidates get. They are signed ids: nothing secret is stored for them, and
sending one again gives the same link."""

import uuid

from eqsr.extensions import settings
from eqsr.invitations.models import Invitation
from eqsr.jobs.models import Job
from eqsr.security import read_signed_id, sign_id


def take_url(invitation: Invitation) -> str:
    """The personal link of one invitation."""
    return _url("take", invitation.id)


def reminders_url(invitation: Invitation) -> str:
    """Where the candidate ends the reminders of one invitation."""
    token = sign_id(settings.secret_key, "reminders", invitation.id)
    return f"{settings.public_url}/reminders/{token}"


def share_url(job: Job) -> str:
    """The open link of a job that is assessed by link."""
    return _url("share", job.id)


def invitation_id(token: str) -> uuid.UUID | None:
    return read_signed_id(settings.secret_key, "take", token)


def reminded_invitation_id(token: str) -> uuid.UUID | None:
    return read_signed_id(settings.secret_key, "reminders", token)


def share_job_id(token: str) -> uuid.UUID | None:
    return read_signed_id(settings.secret_key, "share", token)


def _url(purpose: str, subject: uuid.UUID) -> str:
    return f"{settings.public_url}/take/{sign_id(settings.secret_key, purpose, subject)}"
