"""The fairness board, for administrators; and the page where candidates say who they are."""

from flask import Blueprint, Response, abort, flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.core.extensions import csrf, limiter
from eqsr.extras.fairness import report as reports
from eqsr.extras.fairness import service
from eqsr.extras.fairness.categories import RACE, SEX
from eqsr.extras.fairness.rates import FOUR_FIFTHS, SMALL, SMALLEST
from eqsr.invitations.emails import candidate_language
from eqsr.invitations.link_holder import invitation_of
from eqsr.invitations.models import Invitation
from eqsr.web import languages
from eqsr.web.access import by_token, member

blueprint = Blueprint("fairness", __name__)
blueprint.add_app_template_global(service.asks, "asks_about_you")

admin = member(Role.ADMIN)


@blueprint.get("/fairness")
@admin
def page() -> ResponseReturnValue:
    organisation_id = current_user.organisation_id
    latest = service.latest_report(organisation_id)
    return render_template(
        "fairness/page.html",
        asked=service.asks(organisation_id),
        report=latest,
        sections=reports.sections(latest) if latest else [],
        name=reports.name,
        fresh=service.FRESH,
        smallest=SMALLEST,
        small=SMALL,
        four_fifths=FOUR_FIFTHS,
    )


@blueprint.post("/fairness/on")
@admin
def switch_on() -> ResponseReturnValue:
    service.switch_on(current_user.organisation_id, current_user)
    flash(_("Candidates are asked after they have finished, if they like to answer."), "success")
    return go(url_for("fairness.page"), 303)


@blueprint.route("/fairness/off", methods=["GET", "POST"])
@admin
def switch_off() -> ResponseReturnValue:
    if request.method == "GET":
        return render_template("fairness/off.html")
    service.switch_off(current_user.organisation_id, current_user)
    flash(_("Nobody is asked any more, and what was said is deleted."), "success")
    return go(url_for("fairness.page"), 303)


@blueprint.get("/fairness/report.csv")
@admin
def export() -> ResponseReturnValue:
    latest = service.latest_report(current_user.organisation_id)
    if latest is None:
        abort(404)
    headers = {"Content-Disposition": 'attachment; filename="fairness.csv"'}
    return Response(reports.as_csv(latest), mimetype="text/csv", headers=headers)


@blueprint.get("/take/<token>/about-you")
@by_token
def about_you(token: str) -> ResponseReturnValue:
    invitation = _invitation(token)
    if invitation is None:
        return go(url_for("assessments.landing", token=token))
    # What was said before is never shown: the link may be known to others than the candidate.
    return render_template(
        "fairness/about_you.html", token=token, invitation=invitation, sexes=SEX, races=RACE
    )


@blueprint.post("/take/<token>/about-you")
@csrf.exempt
@by_token
@limiter.limit("30 per minute")
def say(token: str) -> ResponseReturnValue:
    invitation = _invitation(token)
    if invitation is None:
        return go(url_for("assessments.landing", token=token), 303)
    sex, race = request.form.get("sex", ""), request.form.get("race", "")
    service.say(invitation, sex, race)
    return render_template("fairness/said.html", invitation=invitation, said=bool(sex or race))


def _invitation(token: str) -> Invitation | None:
    """The invitation whose holder may say something now."""
    invitation = invitation_of(token)
    if invitation is None:
        return None
    languages.set_language(candidate_language(invitation))
    return invitation if service.may_say(invitation) else None
