"""The addresses that candidates get. They are signed ids: nothing secret is stored for them, and
sending one again gives the same link.

A personal link carries the invitation's generation of links; raising it ends all that are out (see
following). Links of generation 0 look as they did before there were generations.
"""

import uuid

from eqsr.core.emailed_links import LinkPurpose, read_signed_id, signed_link
from eqsr.invitations.models import Invitation, SignUp
from eqsr.jobs.models import Job


def take_url(invitation: Invitation) -> str:
    """The personal link of one invitation."""
    return signed_link(LinkPurpose.ASSESSMENT, invitation.id, invitation.link_generation)


def reminders_url(invitation: Invitation) -> str:
    """Where the candidate ends the reminders of one invitation."""
    return signed_link(LinkPurpose.REMINDERS, invitation.id, invitation.link_generation)


def share_url(job: Job) -> str:
    """The open link of a job that is assessed by link."""
    return signed_link(LinkPurpose.OPEN_JOB, job.id)


def sign_up_url(sign_up: SignUp) -> str:
    """Where somebody who came by an open link confirms the address."""
    return f"{signed_link(LinkPurpose.SIGN_UP, sign_up.id)}/confirm"


def confirmed_url(sign_up: SignUp) -> str:
    """The personal link that confirming gave; ended with its generation."""
    return signed_link(LinkPurpose.ASSESSMENT, sign_up.invitation_id, sign_up.link_generation)


def sign_up_id(token: str) -> uuid.UUID | None:
    return read_signed_id(LinkPurpose.SIGN_UP, token)


def share_job_id(token: str) -> uuid.UUID | None:
    return read_signed_id(LinkPurpose.OPEN_JOB, token)
