"""The candidate profile, where *View details* in SmartRecruiters leads."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask_login import current_user

from eqsr.access import member
from eqsr.accounts.models import Role
from eqsr.candidates import service, wording
from eqsr.ledger import service as ledger
from eqsr.ledger.sentences import sentence

blueprint = Blueprint("candidates", __name__)


@blueprint.get("/candidates/<uuid:candidate_id>")
@member(Role.ADMIN, Role.REVIEWER)
def profile(candidate_id: UUID):
    organisation_id = current_user.organisation_id
    found = service.profile(candidate_id, current_user)
    ledger.audit(
        "profile_viewed",
        organisation_id,
        current_user.id,
        candidate_id,
        request.remote_addr or "",
    )
    return render_template(
        "candidates/profile.html",
        profile=found,
        timeline=[{"sentence": sentence(item), "at": item.at} for item in found.timeline],
        wording=wording,
    )
