"""The email about watched stages and jobs that SmartRecruiters no longer has."""

import uuid

from eqsr.accounts.models import Organisation
from eqsr.core.db import db
from eqsr.core.extensions import settings
from eqsr.jobs import missing_stages, stage_successors
from eqsr.mail import service as mails
from eqsr.mail.compose import Email, compose_email
from eqsr.mail.delivery import deliver_email
from eqsr.mail.models import Mail, MailState
from eqsr.smartrecruiters.types.stages import Stage


def send(mail_id: uuid.UUID) -> None:
    """Send it, unless nothing is missing any more. Raises Reschedule, PermanentFailure."""
    queued = mails.get(mail_id)
    if queued.state is MailState.QUEUED:
        deliver_email(queued, compose(queued))


def compose(mail: Mail) -> Email | None:
    """Compose the email ``stage_missing``; None if nothing in it is missing any more."""
    links = missing_stages.links_in(mail)
    if not links:
        return None
    organisation = db.session.get_one(Organisation, mail.organisation_id)
    new_names = stage_successors.successors([mail.subject_id])
    return compose_email(
        "stage_missing",
        locale=organisation.language,
        zone=organisation.time_zone,
        organisation_name=organisation.name,
        places=[
            {
                "job": link.job.title,
                "url": f"{settings.public_url}/jobs/{link.job_id}",
                "ats_job": link.ats_job.title,
                "job_gone": link.ats_job.gone_at is not None,
                "stage": Stage(link.status, link.sub_status or None).label,
                "new_name": new_names.get((mail.subject_id, link.status, link.sub_status), ""),
            }
            for link in links
        ],
    )
