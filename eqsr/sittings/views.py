"""The candidate's pages that all parts share: everything behind /take/<token>.

They need no CSRF token: the link is the only key and no cookie gives access. So a page that stayed
open overnight can still send its answers.
"""

from uuid import UUID
from zoneinfo import ZoneInfo

from babel import Locale
from flask import Blueprint, current_app, jsonify, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from eqsr.core.clock import now
from eqsr.core.extensions import csrf, limiter
from eqsr.core.messages import N_, UserError
from eqsr.instruments import plot
from eqsr.instruments.naming import translated
from eqsr.instruments.wording import quality_sentence
from eqsr.invitations import by_link, links
from eqsr.invitations import service as invitations
from eqsr.invitations.emails import mail_language
from eqsr.invitations.link_holder import LinkEnded, invitation_of
from eqsr.invitations.models import InvitationState
from eqsr.jobs.models import Job
from eqsr.organisations.service import LANGUAGES
from eqsr.sittings import forms, records, service
from eqsr.sittings import taking as takings
from eqsr.sittings.pages import erased, is_prefetch, nowhere, over, starting_device, with_taking
from eqsr.sittings.standing import Standing, closed
from eqsr.sittings.taking import Taking
from eqsr.web import languages
from eqsr.web.access import by_token

blueprint = Blueprint("assessments", __name__, url_prefix="/take/<token>")
csrf.exempt(blueprint)

REPLACED = N_("This link was replaced. Open the one in the newest email to go on.")

blueprint.add_app_template_filter(plot.raw_value, "raw_value")
blueprint.add_app_template_filter(quality_sentence)
blueprint.add_app_template_filter(translated)


@blueprint.app_errorhandler(LinkEnded)
def link_ended(ended: LinkEnded) -> ResponseReturnValue:
    """Answer 410 to any request, here or on other pages, with a link that has ended."""
    invitation = ended.invitation
    languages.set_language(mail_language(invitation.job))
    if invitation.erased:
        return erased(invitation)
    withdrawn = invitation.state is InvitationState.CANCELLED
    if getattr(current_app.view_functions[request.endpoint or ""], "by_script", False):
        sentence = closed(Standing.CANCELLED).sentence if withdrawn else REPLACED
        return jsonify(sentence=_(sentence)), 410
    reason = "cancelled" if withdrawn else "replaced"
    return render_template("sittings/closed.html", reason=reason, job=invitation.job), 410


@blueprint.get("")
@by_token
def landing(token: str) -> ResponseReturnValue:
    """Show the start page of a personal link, or the form of an open one."""
    job_id = links.share_job_id(token)
    return _join_page(token, job_id, forms.JoinByLinkForm()) if job_id else _landing(token)


@with_taking
def _landing(token: str, taking: Taking) -> ResponseReturnValue:
    if taking.standing == Standing.FINISHED:
        return go(url_for(".done", token=token))
    if taking.standing in (Standing.EXPIRED, Standing.CANCELLED):
        return over(taking)
    if request.method == "GET" and not is_prefetch():
        invitations.opened(taking.invitation.id)
    return render_template(
        "sittings/landing.html",
        token=token,
        taking=taking,
        factors=service.TIME_FACTORS,
        languages=_languages(),
    )


@blueprint.post("")
@by_token
@limiter.limit("30 per minute")
def join(token: str) -> ResponseReturnValue:
    """Sign up on a job's open link."""
    job_id = links.share_job_id(token)
    if not job_id:
        invitation_of(token)  # raises LinkEnded for a personal link that has ended
        return nowhere()
    form = forms.JoinByLinkForm()
    if not form.validate_on_submit():
        return _join_page(token, job_id, form, 422)
    email = form.email.data or ""
    shared = takings.shared(job_id, str(get_locale()))
    try:
        by_link.sign_up(
            job_id,
            form.first_name.data or "",
            form.last_name.data or "",
            email,
            languages.chosen_language() or "",
        )
    except UserError as error:
        form.email.errors = [_(error.sentence)]
        return _join_page(token, job_id, form, 422)
    if shared is None:
        return _join_page(token, job_id, form)
    # The page is the same for everyone, so that it does not reveal who has applied.
    facts = {"job": shared.job, "email": email.strip(), "deleted_at": now() + by_link.RETENTION}
    return render_template("sittings/mailed.html", **facts, zone=_zone(shared.job))


@blueprint.get("/confirm")
@by_token
def confirm(token: str) -> ResponseReturnValue:
    """Ask to confirm the address; only the POST does, as mail scanners open every link."""
    return _confirm(token, forms.NamesForm())


@blueprint.post("/confirm")
@by_token
@limiter.limit("30 per minute")
def do_confirm(token: str) -> ResponseReturnValue:
    """Confirm the address and go to the personal link."""
    form = forms.NamesForm()
    return _confirm(token, form, confirmed=form.validate_on_submit())


def _confirm(token: str, form: forms.NamesForm, confirmed: bool = False) -> ResponseReturnValue:
    """``confirmed``: the form was sent and its names are valid."""
    found = by_link.unexpired(links.sign_up_id(token))
    if found is None:
        return render_template("sittings/closed.html", reason="unconfirmed"), 410
    languages.set_language(found.language or mail_language(found.job))
    if confirmed:
        names = form.first_name.data or "", form.last_name.data or ""
        found = by_link.confirm(found.id, *names) or found
    if found.invitation_id:
        return go(links.confirmed_url(found), 303)
    if not form.is_submitted():
        form = forms.NamesForm(first_name=found.first_name, last_name=found.last_name)
    status = 422 if form.is_submitted() else 200
    facts = {"token": token, "form": form, "sign_up": found, "zone": _zone(found.job)}
    page = render_template("sittings/confirm.html", **facts)
    return page, status


@blueprint.post("/language")
@with_taking
def language(token: str, taking: Taking) -> ResponseReturnValue:
    """Choose the language of the candidate's pages."""
    chosen = request.form.get("language")
    if chosen in LANGUAGES:
        service.choose_language(taking.invitation.id, chosen)
    return go(url_for(".landing", token=token))


@blueprint.post("/start")
@with_taking
def start(token: str, taking: Taking) -> ResponseReturnValue:
    """Start the next part."""
    factor = forms.time_factor(request.form)
    begun = service.start(taking.invitation.id, device=starting_device(), time_factor=factor)
    if begun.standing != Standing.UNDERWAY:
        return go(url_for(".landing", token=token))
    if begun.part.is_task:
        return go(url_for("games.play", token=token, part=begun.instrument.id))
    return go(url_for("questions.resume", token=token))


@blueprint.get("/done")
@with_taking
def done(token: str, taking: Taking) -> ResponseReturnValue:
    """Show that everything is finished."""
    if taking.standing != Standing.FINISHED:
        return go(url_for(".landing", token=token))
    answered = records.answered_counts([part.sitting.id for part in taking.parts if part.sitting])
    return render_template("sittings/done.html", token=token, taking=taking, answered=answered)


def _join_page(
    token: str, job_id: UUID, form: forms.JoinByLinkForm, status: int = 200
) -> ResponseReturnValue:
    shared = takings.shared(job_id, str(get_locale()))
    if shared is None:
        return render_template("sittings/closed.html", reason="job"), 410
    page = render_template("sittings/join.html", token=token, form=form, shared=shared)
    return page, status


def _languages() -> list[tuple[str, str]]:
    """(code, name) of each language that can be chosen, named in that language."""
    return [(code, Locale.parse(code).get_display_name(code) or code) for code in LANGUAGES]


def _zone(job: Job) -> ZoneInfo:
    """The time zone in which days are named."""
    return ZoneInfo(job.organisation.time_zone)
