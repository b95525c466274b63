"""The addresses that candidates get: signed ids, for which nothing secret is stored.

Making a link again gives the same address. A personal link carries the invitation's link
generation; raising that ends all earlier links (link_holder). A link of generation 0 has the form
that links had before generations existed, so links sent then still work.
"""

import uuid

from eqsr.core.emailed_links import LinkPurpose, read_signed_id, signed_link
from eqsr.invitations.models import Invitation, SignUp
from eqsr.jobs.models import Job


def take_url(invitation: Invitation) -> str:
    """The personal link of one invitation."""
    return signed_link(LinkPurpose.ASSESSMENT, invitation.id, invitation.link_generation)


def reminders_url(invitation: Invitation) -> str:
    """The link by which the candidate stops the reminders of one invitation."""
    return signed_link(LinkPurpose.REMINDERS, invitation.id, invitation.link_generation)


def share_url(job: Job) -> str:
    """The open link of a job that is assessed by link."""
    return signed_link(LinkPurpose.OPEN_JOB, job.id)


def sign_up_url(sign_up: SignUp) -> str:
    """The emailed link that confirms the address of a sign-up."""
    return f"{signed_link(LinkPurpose.SIGN_UP, sign_up.id)}/confirm"


def confirmed_url(sign_up: SignUp) -> str:
    """The personal link that a confirmed sign-up led to; its generation may have ended since."""
    if sign_up.invitation_id is None:
        raise ValueError("the sign-up is not confirmed")
    return signed_link(LinkPurpose.ASSESSMENT, sign_up.invitation_id, sign_up.link_generation)


def sign_up_id(token: str) -> uuid.UUID | None:
    """The id of the sign-up that this confirmation token names, or None."""
    return read_signed_id(LinkPurpose.SIGN_UP, token)


def share_job_id(token: str) -> uuid.UUID | None:
    """The id of the job whose open link has this token, or None."""
    return read_signed_id(LinkPurpose.OPEN_JOB, token)
