"""The candidate's pages that all parts share: where a link leads, the language, start and end."""

from babel import Locale
from flask import current_app, flash, jsonify, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eqsr.core.messages import N_, UserError
from eqsr.instruments import score_text
from eqsr.instruments.naming import translated
from eqsr.instruments.wording import quality_sentence
from eqsr.invitations import links, progress
from eqsr.invitations.email_facts import mail_language
from eqsr.invitations.link_holder import LinkEnded, invitation_of
from eqsr.invitations.models import InvitationState
from eqsr.organisations.service import LANGUAGES
from eqsr.sittings import forms, records, reuse, service
from eqsr.sittings.open_link.forms import JoinByLinkForm
from eqsr.sittings.open_link.pages import join_page
from eqsr.sittings.pages import (
    blueprint,
    by_script,
    erased,
    nowhere,
    over,
    starting_device,
    with_taking,
)
from eqsr.sittings.standing import OVER, Standing, closed
from eqsr.sittings.taking import Taking
from eqsr.web import languages
from eqsr.web.access import by_token

REPLACED = N_("This link was replaced. Open the one in the newest email to go on.")

blueprint.add_app_template_filter(score_text.raw_value, "raw_value")
blueprint.add_app_template_filter(quality_sentence)
blueprint.add_app_template_global(reuse.taken_at, "result_taken_at")
blueprint.add_app_template_filter(translated)


@blueprint.app_errorhandler(LinkEnded)
def link_ended(ended: LinkEnded) -> ResponseReturnValue:
    """Answer 410 to any request, here or on other pages, with a link that has ended."""
    invitation = ended.invitation
    zone = invitation.job.organisation.time_zone
    languages.answer_in(mail_language(invitation.job), zone)
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
    return join_page(token, job_id, JoinByLinkForm()) if job_id else _landing(token)


@with_taking
def _landing(token: str, taking: Taking) -> ResponseReturnValue:
    if taking.standing == Standing.FINISHED:
        return go(url_for(".done", token=token))
    if taking.standing in OVER:
        return over(taking)
    return render_template(
        "sittings/landing.html",
        token=token,
        taking=taking,
        factors=service.TIME_FACTORS,
        earlier=None if taking.begun else reuse.offer(taking.invitation),
        languages=_languages(),
    )


@blueprint.post("/opened")
@by_script
@by_token
def opened(token: str) -> ResponseReturnValue:
    """Record that the page is seen: its script says so (a GET may be a mail scanner's)."""
    invitation = invitation_of(token)
    if invitation is None:
        return nowhere()
    progress.opened(invitation.id)
    return "", 204


@blueprint.post("/language")
@with_taking
def language(token: str, taking: Taking) -> ResponseReturnValue:
    """Choose the language of the candidate's pages."""
    chosen = request.form.get("language")
    if chosen in LANGUAGES:
        progress.opened(taking.invitation.id)
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


@blueprint.post("/reuse")
@with_taking
def use_earlier(token: str, taking: Taking) -> ResponseReturnValue:
    """Use the candidate's earlier result, as they agree by this press."""
    if taking.standing == Standing.READY:
        try:
            reuse.use(taking.invitation.id)
        except UserError as error:
            flash(_(error.sentence), "error")
    return go(url_for(".landing", token=token))


@blueprint.get("/done")
@with_taking
def done(token: str, taking: Taking) -> ResponseReturnValue:
    """Show that everything is finished."""
    if taking.standing != Standing.FINISHED:
        return go(url_for(".landing", token=token))
    answered = records.answered_counts([part.sitting.id for part in taking.parts if part.sitting])
    return render_template("sittings/done.html", token=token, taking=taking, answered=answered)


def _languages() -> list[tuple[str, str]]:
    """(code, name) of each language that can be chosen, named in that language."""
    return [(code, Locale.parse(code).get_display_name(code) or code) for code in LANGUAGES]
