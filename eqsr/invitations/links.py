"""The addresses that candidates get. They are signed ids: nothing secret is stored for them, and
sending one again gives the same link.

A personal link carries the invitation's generation of links; raising it ends all that are out (see
following). Links of generation 0 look as they did before there were generations.
"""

import uuid

from eqsr.core.extensions import settings
from eqsr.core.security import read_signed, read_signed_id, sign_id
from eqsr.invitations.models import Invitation, SignUp
from eqsr.jobs.models import Job

TAKE, REMINDERS, SIGN_UP = "take", "reminders", "sign up"


def take_url(invitation: Invitation) -> str:
    """The personal link of one invitation."""
    return _url(TAKE, invitation.id, invitation.link_generation)


def reminders_url(invitation: Invitation) -> str:
    """Where the candidate ends the reminders of one invitation."""
    generation = invitation.link_generation
    token = sign_id(settings.secret_key, REMINDERS, invitation.id, generation)
    return f"{settings.public_url}/reminders/{token}"


def share_url(job: Job) -> str:
    """The open link of a job that is assessed by link."""
    return _url("share", job.id)


def sign_up_url(sign_up: SignUp) -> str:
    """Where somebody who came by an open link confirms the address."""
    return f"{_url(SIGN_UP, sign_up.id)}/confirm"


def confirmed_url(sign_up: SignUp) -> str:
    """The personal link that confirming gave; ended with its generation."""
    return _url(TAKE, sign_up.invitation_id, sign_up.link_generation)


def sign_up_id(token: str) -> uuid.UUID | None:
    return read_signed_id(settings.secret_key, SIGN_UP, token)


def personal(token: str, purpose: str = TAKE) -> tuple[uuid.UUID, int] | None:
    """Whose link it is, and of which generation."""
    return read_signed(settings.secret_key, purpose, token)


def share_job_id(token: str) -> uuid.UUID | None:
    return read_signed_id(settings.secret_key, "share", token)


def _url(purpose: str, subject: uuid.UUID, generation: int = 0) -> str:
    token = sign_id(settings.secret_key, purpose, subject, generation)
    return f"{settings.public_url}/take/{token}"
