"""Inviting somebody whose invitation was held, because a person decided so."""

from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.models import Application
from eqsr.core.db import db, transaction
from eqsr.core.messages import UserError
from eqsr.duplicates import holding, person_lock
from eqsr.invitations import by_hand, from_stage, queries
from eqsr.invitations.management import Actor, record
from eqsr.invitations.models import Invitation
from eqsr.jobs.models import Job
from eqsr.smartrecruiters.types.stages import Stage


def invite_anyway(job: Job, application: Application, actor: Actor) -> Invitation:
    """Send the invitation that was held; return it. Pressed twice, it is sent once.

    Raises UserError if nothing is held any more, the job is closed, or no email can reach the
    person.
    """
    with transaction():
        person_lock.hold(application.candidate)
        # Locking the job makes a second press wait for the first one.
        db.session.get_one(Job, job.id, populate_existing=True, with_for_update={"key_share": True})
        held = holding.of_application(job.id, application.id)
        if held is None:
            made = queries.of_application(job.id, application.id)
            if made is None:
                raise UserError("There is nothing to decide any more. Reload the page.")
            return made
        link = held.stage_link
        address = by_hand.invitable_address(job, application, None)
        stage = Stage(link.status, link.sub_status or None).label
        is_new = from_stage.invite_from_stage(link, application, address, stage)
        holding.end(link, application)
        made = queries.for_link(link, application)
        if made is None:
            raise LookupError("the invitation was made a moment ago")
        if is_new:
            record(made, ActivityKind.INVITED_ANYWAY, actor, job=job.title)
        return made
