"""Explaining why a person on a connected SmartRecruiters job was (not) invited."""

import uuid
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select

from eqsr.activity.history import of_applications
from eqsr.activity.models import Activity
from eqsr.candidates.models import Application, Candidate
from eqsr.connections.clients import NotConnected
from eqsr.core.db import db
from eqsr.core.folding import folded
from eqsr.invitations.candidate_search import MAX_RESULTS, look_up
from eqsr.invitations.models import Invitation
from eqsr.jobs.models import Job
from eqsr.smartrecruiters.errors.base import SmartRecruitersError


@dataclass(frozen=True)
class InvitationExplanation:
    """One person's application, their latest invitation to the job, and what happened, in order."""

    application: Application
    invitation: Invitation | None
    activities: list[Activity]


@dataclass(frozen=True)
class InvitationExplanations:
    """The explanations for everyone who was found.

    ``problem`` says why SmartRecruiters could not be asked, or is empty. ``looked_up``: number of
    people who were new to us and are being evaluated now.
    """

    found: list[InvitationExplanation]
    looked_up: int
    problem: str


def why(job: Job, text: str) -> InvitationExplanations:
    """Find people on the job's SmartRecruiters jobs by name, e-mail address or ID.

    If no known person matches, ask SmartRecruiters and evaluate the people found there, as a
    sweep would: that invites them if a move was missed.
    """
    text = text.strip()
    ats_jobs = {link.ats_job_id: link.ats_job for link in job.stage_links}
    known = _known(job, list(ats_jobs), text)
    problem, looked_up = "", 0
    if not known and job.active_links:
        try:
            looked_up = look_up(job, text)
        except (SmartRecruitersError, NotConnected) as error:
            problem = error.sentence
        known = _known(job, list(ats_jobs), text)
    return InvitationExplanations(
        [_explain(job, application) for application in known], looked_up, problem
    )


def _known(job: Job, ats_job_ids: list[uuid.UUID], text: str) -> list[Application]:
    words = folded(text).split()
    by_name = [Candidate.search.contains(word, autoescape=True) for word in words]
    query = (
        select(Application)
        .join(Application.candidate)
        .where(Application.organisation_id == job.organisation_id)
        .where(or_(Application.ats_job_id.in_(ats_job_ids), Application.link_job_id == job.id))
        .where(
            or_(
                func.lower(Candidate.email) == text.lower(),
                Candidate.ats_id == text,
                Application.ats_id == text,
                *([] if not by_name else [and_(*by_name)]),
            )
        )
        .order_by(Candidate.sort_name, Application.id)
        .limit(MAX_RESULTS)
    )
    return list(db.session.scalars(query))


def _explain(job: Job, application: Application) -> InvitationExplanation:
    invitation = db.session.scalar(
        select(Invitation)
        .where(Invitation.job_id == job.id, Invitation.application_id == application.id)
        .order_by(Invitation.attempt.desc())
        .limit(1)
    )
    return InvitationExplanation(application, invitation, of_applications([application.id]))
