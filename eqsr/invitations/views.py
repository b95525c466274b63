"""Questions about invitations."""

import uuid

from flask import Blueprint, render_template, request
from flask_login import current_user

from eqsr.access import member
from eqsr.accounts.models import Role
from eqsr.extensions import limiter
from eqsr.invitations.explaining import why
from eqsr.jobs import service as jobs
from eqsr.ledger.sentences import sentence

blueprint = Blueprint("invitations", __name__)


@blueprint.get("/jobs/<uuid:job_id>/why")
@member(Role.ADMIN, Role.REVIEWER)
@limiter.limit("60 per minute")
def why_invited(job_id: uuid.UUID):
    """Why was this person (not) invited? Asked by name, e-mail address or ID."""
    job = jobs.job_of(current_user.organisation_id, job_id)
    text = request.args.get("q", "").strip()[:200]
    answers = why(job, text) if text else None
    lines = {
        answer.application.id: [
            {"sentence": sentence(activity), "at": activity.at} for activity in answer.activities
        ]
        for answer in (answers.found if answers else ())
    }
    facts = {"job": job, "text": text, "answers": answers, "lines": lines}
    if request.headers.get("HX-Request"):
        return render_template("invitations/_answers.html", **facts)
    return render_template("invitations/why.html", **facts)
