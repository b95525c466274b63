"""Pages of the candidate profile, the interview guide and the comparison of candidates.

*View details* in SmartRecruiters leads to the profile.
"""

from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.activity.sentences import sentence
from eqsr.core.messages import UserError
from eqsr.extras.feedback import queries as candidate_requests
from eqsr.extras.target_ranges import wording as fit_words
from eqsr.invitations import candidate_refresh
from eqsr.jobs import service as jobs
from eqsr.merges import likely
from eqsr.screens.jobs.forms import as_uuid
from eqsr.screens.profile import band_mark, comparable_people, comparing, drawing, wording
from eqsr.screens.profile import profile as service
from eqsr.screens.profile.guide import RATINGS, guide
from eqsr.screens.profile.profile import Profile
from eqsr.web.access import member
from eqsr.web.requests import client_address

blueprint = Blueprint("candidates", __name__)
blueprint.add_app_template_global(band_mark.mark, "band_mark")
blueprint.add_app_template_global(wording.score_line, "score_in_words")

recruiter = member(Role.ADMIN, Role.REVIEWER)


@blueprint.get("/candidates/<uuid:candidate_id>")
@recruiter
def profile(candidate_id: UUID) -> ResponseReturnValue:
    """Show the profile."""
    found = _audited_profile(AuditAction.PROFILE_VIEWED, candidate_id)
    return render_template(
        "profile/profile.html",
        profile=found,
        requests=candidate_requests.of_invitations([block.invitation.id for block in found.blocks]),
        timeline=[{"sentence": sentence(item), "at": item.at} for item in found.timeline],
        wording=wording,
        fit_words=fit_words,
        same_person=likely.asked(found.candidate),
    )


@blueprint.post("/candidates/<uuid:candidate_id>/merge")
@recruiter
def merge(candidate_id: UUID) -> ResponseReturnValue:
    """Hand everything over to the profile that is the same person's, as the user decides."""
    user, other = current_user, request.form.get("other", "")
    try:
        left = likely.decide(
            candidate_id, other, user.id, user.name or user.email, client_address()
        )
    except UserError as error:
        flash(_(error.sentence), "error")
        return go(url_for(".profile", candidate_id=candidate_id), 303)
    flash(_("Everything belongs to this profile now."), "success")
    return go(url_for(".profile", candidate_id=left.id), 303)


@blueprint.get("/candidates/<uuid:candidate_id>/guide")
@recruiter
def interview_guide(candidate_id: UUID) -> ResponseReturnValue:
    """Show the interview guide."""
    found = _audited_profile(AuditAction.GUIDE_VIEWED, candidate_id)
    return render_template(
        "profile/guide.html",
        profile=found,
        guide=guide(found, as_uuid(request.args.get("invitation"))),
        ratings=RATINGS,
    )


@blueprint.get("/jobs/<uuid:job_id>/compare")
@recruiter
def compare(job_id: UUID) -> ResponseReturnValue:
    """Compare the chosen candidates, or offer candidates to choose from."""
    job = jobs.job_of(current_user.organisation_id, job_id)
    wanted = [found for text in request.args.getlist("with")[:50] if (found := as_uuid(text))]
    chosen = comparable_people.chosen(job, wanted)
    enough = comparable_people.MIN_PEOPLE <= len(chosen) <= comparable_people.MAX_PEOPLE
    if not enough or "choose" in request.args:
        text = " ".join(request.args.get("q", "").replace("\x00", " ").split())[:200]
        offered = comparable_people.scored(job, text)
        return render_template(
            "profile/choose.html",
            job=job,
            chosen=chosen,
            offered=[one for one in offered if one.id not in {each.id for each in chosen}],
            text=text,
            asked="with" in request.args and "choose" not in request.args,
            limits={
                "FEWEST": comparable_people.MIN_PEOPLE,
                "MOST": comparable_people.MAX_PEOPLE,
                "OFFERED_AT_MOST": comparable_people.OFFERED_AT_MOST,
            },
        )
    for one in chosen:
        _audit(AuditAction.COMPARED, one.application.candidate_id)
    return render_template(
        "profile/compare.html",
        job=job,
        chosen=chosen,
        comparisons=comparing.compare(job, chosen, str(get_locale())),
        drawing=drawing,
        wording=wording,
        fit_words=fit_words,
    )


def _audited_profile(action: AuditAction, candidate_id: UUID) -> Profile:
    found = service.profile(candidate_id, current_user)
    candidate_refresh.request(found.candidate)
    _audit(action, candidate_id)
    return found


def _audit(action: AuditAction, candidate_id: UUID) -> None:
    address = client_address()
    organisation_id = current_user.organisation_id
    activity.audit(action, organisation_id, current_user.id, candidate_id, address)
