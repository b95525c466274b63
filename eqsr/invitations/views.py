"""An invitation's page and the actions on it, explanations, and stopping reminders."""

import uuid
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.activity.models import Activity
from eqsr.activity.sentences import sentence
from eqsr.activity.service import of_applications
from eqsr.candidates.models import Application
from eqsr.core.emailed_links import LinkPurpose
from eqsr.core.extensions import csrf, limiter
from eqsr.core.messages import NotFoundError, UserError
from eqsr.invitations import by_hand, email_retry, management, service
from eqsr.invitations import new_link as renewing
from eqsr.invitations import reminders as reminding
from eqsr.invitations.emails import candidate_language
from eqsr.invitations.explain import why
from eqsr.invitations.forms import as_day
from eqsr.invitations.link_holder import invitation_of
from eqsr.invitations.links import take_url
from eqsr.invitations.management import Actor
from eqsr.invitations.models import Invitation
from eqsr.jobs import service as jobs
from eqsr.jobs.models import Job
from eqsr.mail import server_pause
from eqsr.teams import visibility
from eqsr.web import languages
from eqsr.web.access import by_token, member
from eqsr.web.requests import client_address, is_htmx

blueprint = Blueprint("invitations", __name__)

recruiter = member(Role.ADMIN, Role.REVIEWER)


@blueprint.app_template_global()
def mail_waits() -> bool:
    """Whether sending is paused because the mail server accepts none of our email."""
    return server_pause.current() is not None


blueprint.app_template_global("mail_standing")(email_retry.queue_state)


@blueprint.post("/customers/retry-mail")
@member(Role.STAFF)
@limiter.limit("20 per minute")
def retry_mail() -> ResponseReturnValue:
    """Retry everything that could not be emailed."""
    number = email_retry.retry_all()
    flash(
        ngettext("%(num)s email is tried again.", "%(num)s emails are tried again.", number),
        "success",
    )
    return go(url_for("onboarding.customers"), 303)


@blueprint.get("/jobs/<uuid:job_id>/why")
@recruiter
@limiter.limit("60 per minute")
def why_invited(job_id: uuid.UUID) -> ResponseReturnValue:
    """Explain why a person, given by name, email address or ID, was (not) invited."""
    job = jobs.job_of(current_user.organisation_id, job_id)
    text = " ".join(request.args.get("q", "").replace("\x00", " ").split())[:200]
    answers = why(job, text) if text else None
    lines = {
        answer.application.id: _lines(answer.activities)
        for answer in (answers.found if answers else ())
    }
    facts = {"job": job, "text": text, "answers": answers, "lines": lines}
    if is_htmx():
        return render_template("invitations/_answers.html", **facts)
    return render_template("invitations/why.html", **facts)


@blueprint.get("/jobs/<uuid:job_id>/invite/<uuid:application_id>")
@recruiter
def invite(job_id: uuid.UUID, application_id: uuid.UUID) -> ResponseReturnValue:
    """Ask whether to invite this person (again)."""
    job = jobs.job_of(current_user.organisation_id, job_id)
    return _invite_page(job, by_hand.application_on(job, application_id))


@blueprint.post("/jobs/<uuid:job_id>/invite/<uuid:application_id>")
@recruiter
def do_invite(job_id: uuid.UUID, application_id: uuid.UUID) -> ResponseReturnValue:
    """Invite this person (again)."""
    job = jobs.job_of(current_user.organisation_id, job_id)
    application = by_hand.application_on(job, application_id)
    attempt = request.form.get("attempt", 1, type=int)
    try:
        invitation, made = by_hand.invite(job, application, attempt, _actor())
    except UserError as error:
        return _invite_page(job, application, _(error.sentence)), 422
    flash(
        _("The invitation is on its way.") if made else _("This invitation was made already."),
        "success" if made else "info",
    )
    return _to(invitation)


@blueprint.get("/invitations/<uuid:invitation_id>")
@recruiter
def page(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Show an invitation, its history and its actions."""
    return _page(_own(invitation_id))


@blueprint.post("/invitations/<uuid:invitation_id>/resend")
@recruiter
def resend(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Send the link once more."""
    invitation = _own(invitation_id)
    try:
        sent = management.resend(invitation, _actor())
    except UserError as error:
        return _page(_own(invitation_id), problem=_(error.sentence)), 422
    flash(
        _("The link is on its way again.") if sent else _("The mail is on its way already."),
        "success" if sent else "info",
    )
    return _to(invitation)


@blueprint.post("/invitations/<uuid:invitation_id>/address")
@recruiter
def correct_address(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Correct the email address and send a new link there."""
    invitation, text = _own(invitation_id), request.form.get("email", "")[:400]
    try:
        management.correct_address(invitation, text, _actor())
    except UserError as error:
        shown = {"email": text, "email_errors": [_(error.sentence)]}
        return _page(_own(invitation_id), **shown), 422
    flash(_("The link is on its way to this address."), "success")
    return _to(invitation)


@blueprint.post("/invitations/<uuid:invitation_id>/extend")
@recruiter
def extend(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Extend the deadline to the end of a day."""
    invitation, day = _own(invitation_id), as_day(request.form.get("until"))
    try:
        if day is None:
            raise UserError("Choose the day until which the invitation is to be open.")
        management.extend(invitation, day, _actor())
    except UserError as error:
        return _page(_own(invitation_id), until=day, until_errors=[_(error.sentence)]), 422
    flash(_("The invitation is extended."), "success")
    return _to(invitation)


@blueprint.get("/invitations/<uuid:invitation_id>/link")
@recruiter
def new_link(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Ask whether to make a new link."""
    invitation = _own(invitation_id)
    if not renewing.renewable(invitation):
        return _to(invitation)
    return render_template("invitations/new_link.html", invitation=invitation)


@blueprint.post("/invitations/<uuid:invitation_id>/link")
@recruiter
def make_new_link(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Make and email a new link."""
    invitation = _own(invitation_id)
    generation = request.form.get("generation", invitation.link_generation, type=int)
    try:
        made = renewing.issue(invitation, generation, _actor())
    except UserError as error:
        return _page(_own(invitation_id), problem=_(error.sentence)), 422
    flash(
        _("The new link is on its way. Links sent before do not work any more.")
        if made
        else _("A new link was made already."),
        "success" if made else "info",
    )
    return _to(invitation)


@blueprint.get("/invitations/<uuid:invitation_id>/cancel")
@recruiter
def cancel(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Ask whether to cancel the invitation."""
    return render_template("invitations/cancel.html", invitation=_own(invitation_id))


@blueprint.post("/invitations/<uuid:invitation_id>/cancel")
@recruiter
def do_cancel(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Cancel the invitation."""
    invitation = _own(invitation_id)
    try:
        management.cancel(invitation, _actor())
    except UserError as error:
        return _page(_own(invitation_id), problem=_(error.sentence)), 422
    flash(_("The invitation is cancelled. Its link is closed."), "success")
    return _to(invitation)


@blueprint.get("/reminders/<token>")
@by_token
def reminders(token: str) -> ResponseReturnValue:
    """Ask whether to stop the reminders; only the POST does, as mail scanners open every link."""
    return render_template("invitations/reminders.html", invitation=_reminded(token))


# No CSRF token: the link is the key, and mail programs post to it with one click (RFC 8058).
@blueprint.post("/reminders/<token>")
@by_token
@csrf.exempt
@limiter.limit("30 per minute")
def stop_reminders(token: str) -> ResponseReturnValue:
    """Stop the reminders."""
    reminding.stop(_reminded(token).id)
    return go(url_for("invitations.reminders", token=token), 303)


def _reminded(token: str) -> Invitation:
    invitation = invitation_of(token, LinkPurpose.REMINDERS)
    if invitation is None:
        raise NotFoundError
    languages.set_language(candidate_language(invitation))
    return invitation


def _page(invitation: Invitation, **shown: Any) -> str:
    """Render the invitation; ``shown``: what the user typed, and what was wrong with it."""
    latest = service.of_application(invitation.job_id, invitation.application_id)
    facts = {
        "email": invitation.email,
        "until": None,
        "suggested": management.suggested_day(invitation),
        "can": management.possible(invitation, latest or invitation),
        "link": take_url(invitation),
        "renewable": renewing.renewable(invitation),
        "lines": _lines(of_applications([invitation.application_id])),
    }
    return render_template("invitations/page.html", invitation=invitation, **(facts | shown))


def _invite_page(job: Job, application: Application, problem: str = "") -> str:
    return render_template(
        "invitations/invite.html",
        job=job,
        application=application,
        latest=service.of_application(job.id, application.id),
        email=by_hand.address_of(application),
        open_states=management.CANCELLABLE,
        problem=problem,
    )


def _lines(activities: list[Activity]) -> list[dict[str, Any]]:
    """The activity log as this user may see it: a sentence and a moment per line."""
    seen = visibility.lines_seen(current_user, activities)
    return [{"sentence": sentence(activity), "at": activity.at} for activity in seen]


def _own(invitation_id: uuid.UUID) -> Invitation:
    return management.own(current_user.organisation_id, invitation_id)


def _actor() -> Actor:
    return Actor(current_user, client_address())


def _to(invitation: Invitation) -> ResponseReturnValue:
    return go(url_for("invitations.page", invitation_id=invitation.id), 303)
