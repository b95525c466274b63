"""Signing up on a job's open link, and confirming the address."""

from flask import redirect as go
from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from eqsr.core.clock import now
from eqsr.core.extensions import limiter
from eqsr.core.messages import UserError
from eqsr.invitations import by_link, links, progress, sign_up_confirmation
from eqsr.invitations.email_facts import mail_language
from eqsr.invitations.link_holder import invitation_of
from eqsr.sittings.open_link import forms, shared_job
from eqsr.sittings.open_link.pages import join_page, zone_of
from eqsr.sittings.pages import blueprint, nowhere
from eqsr.web import languages
from eqsr.web.access import by_token


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
        return join_page(token, job_id, form, 422)
    email = form.email.data or ""
    shared = shared_job.shared(job_id, str(get_locale()))
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
        return join_page(token, job_id, form, 422)
    if shared is None:
        return join_page(token, job_id, form)
    # The page is the same for everyone, so that it does not reveal who has applied.
    facts = {"job": shared.job, "email": email.strip(), "deleted_at": now() + by_link.RETENTION}
    return render_template("sittings/mailed.html", **facts, zone=zone_of(shared.job))


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
    zone = found.job.organisation.time_zone
    languages.answer_in(found.language or mail_language(found.job), zone)
    if confirmed:
        names = form.first_name.data or "", form.last_name.data or ""
        found = sign_up_confirmation.confirm(found.id, *names) or found
        if found.invitation_id:
            progress.opened(found.invitation_id)
    if found.invitation_id:
        return go(links.confirmed_url(found), 303)
    if not form.is_submitted():
        form = forms.NamesForm(first_name=found.first_name, last_name=found.last_name)
    status = 422 if form.is_submitted() else 200
    facts = {"token": token, "form": form, "sign_up": found, "zone": zone_of(found.job)}
    page = render_template("sittings/confirm.html", **facts)
    return page, status
