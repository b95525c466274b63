"""Choosing the platform on which a job's candidates are assessed."""

from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlalchemy import exists, select

from eqsr.core.db import db, transaction
from eqsr.core.inserts import insert_if_absent
from eqsr.core.messages import UserError
from eqsr.extras.partners.models import JobElsewhere, Platform
from eqsr.invitations.models import Invitation
from eqsr.jobs.assessment_platform import INVITATION_PLACEHOLDER, choice_of
from eqsr.jobs.models import Job, JobKind


def can_change(job: Job) -> bool:
    """May the platform still change? Only until the first invitation: all candidates of a job
    take the same assessment."""
    return not db.session.scalar(select(exists().where(Invitation.job_id == job.id)))


def choose(job: Job, platform: Platform | None, link: str = "", minutes: int = 0) -> None:
    """Assess the job on this platform (None: here).

    ``link`` is the platform's address with INVITATION_PLACEHOLDER, ``minutes`` the duration shown.
    Raises UserError if the job can't change, or for an unusable link or duration.
    """
    with transaction() as session:
        session.get_one(Job, job.id, with_for_update=True)
        if job.kind is not JobKind.ATS:
            raise UserError("Only a job for SmartRecruiters can be assessed elsewhere.")
        if not can_change(job):
            raise UserError("Somebody was invited already, so this stays as it is. Make a new job.")
        chosen = choice_of(job.id)
        if platform is None:
            if chosen is not None:
                session.delete(chosen)
            return
        link, minutes = usable_link(link, platform.host), _usable_minutes(minutes)
        if chosen is None:
            insert_if_absent(
                JobElsewhere, job_id=job.id, platform_id=platform.id, link=link, minutes=minutes
            )
            return
        chosen.platform_id, chosen.link, chosen.minutes = platform.id, link, minutes


def usable_link(text: str, host: str) -> str:
    """Return the link as it is stored.

    Raises UserError unless it is an https address on ``host`` that holds INVITATION_PLACEHOLDER
    once, after the host.
    """
    text = text.strip()
    rest = text.replace(INVITATION_PLACEHOLDER, "-", 1)
    try:
        parts = urlsplit(rest)
        port = parts.port
    except ValueError:
        raise UserError("This is not a web address.", field="link") from None
    odd = any(letter <= " " or letter in "\\{}\x7f" for letter in rest)
    there = parts.scheme == "https" and parts.netloc.lower() == host and port is None
    if odd or not there or len(text) > 500 or not rest.isascii():
        start = f"https://{host}/"
        raise UserError(
            _("The link must begin with %(start)s and have no blanks in it.", start=start),
            field="link",
        )
    if INVITATION_PLACEHOLDER not in text or "-" not in parts.path + parts.query + parts.fragment:
        raise UserError(
            "The link must hold {invitation} where the invitation's ID belongs.", field="link"
        )
    return text


def _usable_minutes(minutes: int) -> int:
    if not 1 <= minutes <= 240:
        raise UserError("Say how long it takes: 1 to 240 minutes.", field="minutes")
    return minutes
