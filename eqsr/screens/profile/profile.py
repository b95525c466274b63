"""The candidate profile: everything that a recruiter may see about one candidate."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.activity import history as activity_history
from eqsr.activity.models import Activity
from eqsr.candidates.models import Application, Candidate
from eqsr.core.db import db
from eqsr.core.messages import NotFoundError
from eqsr.invitations.models import Invitation
from eqsr.screens.profile.blocks import Block, blocks_of
from eqsr.teams import visibility


@dataclass(frozen=True)
class Profile:
    """A candidate with their applications, results and activity.

    ``blocks`` and ``timeline`` have the latest first.
    """

    candidate: Candidate
    applications: Sequence[Application]
    blocks: Sequence[Block]
    timeline: Sequence[Activity] = field(default_factory=list)


def profile(candidate_id: uuid.UUID, viewer: User) -> Profile:
    """The parts of the candidate's profile that ``viewer`` may see.

    Raises NotFoundError if there are none.
    """
    candidate = db.session.get(Candidate, candidate_id, populate_existing=True)
    if candidate is None or not visibility.sees_candidate(viewer, candidate.id):
        raise NotFoundError
    applications = visibility.applications_seen(viewer, candidate.id)
    application_ids = [application.id for application in applications]
    jobs = visibility.visible_job_ids(viewer)
    invitations = [one for one in _invitations_of(application_ids) if one.job_id in jobs]
    return Profile(
        candidate=candidate,
        applications=applications,
        blocks=blocks_of(invitations),
        timeline=visibility.lines_seen(viewer, activity_history.of_applications(application_ids))[
            ::-1
        ],
    )


def _invitations_of(application_ids: Sequence[uuid.UUID]) -> list[Invitation]:
    return list(
        db.session.scalars(
            select(Invitation)
            .where(Invitation.application_id.in_(application_ids))
            .order_by(Invitation.queued_at.desc(), Invitation.id.desc())
            .execution_options(populate_existing=True)
        )
    )
