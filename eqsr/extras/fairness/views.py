"""The fairness board, for administrators; and the page where candidates say who they are."""

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.core.extensions import csrf, limiter
from eqsr.extras.fairness import (
    report_csv,
    report_sections,
    reports,
    self_identification,
    service,
)
from eqsr.extras.fairness.categories import RACE, SEX
from eqsr.extras.fairness.rates import SMALL, SMALLEST
from eqsr.invitations.email_facts import language_and_zone
from eqsr.invitations.link_holder import invitation_of
from eqsr.invitations.models import Invitation
from eqsr.web import languages
from eqsr.web.access import by_token, member
from eqsr.web.csv_files import csv_response, format_of_reader
from eqsr.web.step_up import asks_password

blueprint = Blueprint("fairness", __name__)
blueprint.add_app_template_global(service.asks, "asks_about_you")

admin = member(Role.ADMIN)


@blueprint.get("/fairness")
@admin
def page() -> ResponseReturnValue:
    """Show whether candidates are asked, and the latest report."""
    organisation_id = current_user.organisation_id
    latest = reports.latest_report(organisation_id)
    return render_template(
        "fairness/page.html",
        asked=service.asks(organisation_id),
        report=latest,
        sections=report_sections.sections(latest) if latest else [],
        name=report_sections.name,
        fresh=reports.MIN_NEW_ANSWERS,
        smallest=SMALLEST,
        small=SMALL,
    )


@blueprint.post("/fairness/on")
@admin
def switch_on() -> ResponseReturnValue:
    """Ask candidates from now on."""
    service.switch_on(current_user.organisation_id, current_user)
    flash(_("Candidates are asked after they have finished, if they like to answer."), "success")
    return go(url_for("fairness.page"), 303)


@blueprint.route("/fairness/off", methods=["GET", "POST"])
@admin
@asks_password()
def switch_off() -> ResponseReturnValue:
    """Ask for confirmation; on POST, stop asking and delete the answers."""
    if request.method != "POST":
        return render_template("fairness/off.html")
    service.switch_off(current_user.organisation_id, current_user)
    flash(_("Nobody is asked any more, and what was said is deleted."), "success")
    return go(url_for("fairness.page"), 303)


@blueprint.get("/fairness/report.csv")
@admin
@asks_password(methods=("GET",))
def export() -> ResponseReturnValue:
    """Download the latest report as CSV; 404 before there is one."""
    latest = reports.latest_report(current_user.organisation_id)
    if latest is None:
        abort(404)
    form = format_of_reader()
    rows = report_csv.rows(latest, current_user.organisation.time_zone, form.number)
    return csv_response(list(form.lines(rows)), "fairness.csv")


@blueprint.get("/take/<token>/about-you")
@by_token
def about_you(token: str) -> ResponseReturnValue:
    """Ask the candidate to identify themselves."""
    invitation = _invitation(token)
    if invitation is None:
        return go(url_for("assessments.landing", token=token))
    # Earlier answers are never shown: the link may be known to others than the candidate.
    return render_template(
        "fairness/about_you.html", token=token, invitation=invitation, sexes=SEX, races=RACE
    )


@blueprint.post("/take/<token>/about-you")
@csrf.exempt
@by_token
@limiter.limit("30 per minute")
def say(token: str) -> ResponseReturnValue:
    """Store the candidate's answers in place of earlier ones."""
    invitation = _invitation(token)
    if invitation is None:
        return go(url_for("assessments.landing", token=token), 303)
    sex, race = request.form.get("sex", ""), request.form.get("race", "")
    self_identification.record_answers(invitation, sex, race)
    return render_template(
        "fairness/answers_stored.html", invitation=invitation, stored=bool(sex or race)
    )


def _invitation(token: str) -> Invitation | None:
    """The invitation, if its holder may answer now."""
    invitation = invitation_of(token)
    if invitation is None:
        return None
    languages.answer_in(*language_and_zone(invitation))
    return invitation if self_identification.may_answer(invitation) else None
