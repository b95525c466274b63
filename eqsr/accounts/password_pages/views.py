"""Pages for changing a password, and for setting a forgotten one."""

from flask import flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from flask_login import current_user

from eqsr.accounts import authentication, reset_requests, resets
from eqsr.accounts.forms import ConfirmForm, ForgottenForm, PasswordForm, ResetForm
from eqsr.accounts.pages import blueprint, email_tried, log_in
from eqsr.accounts.passwords import WeakPassword
from eqsr.core.emailed_links import InvalidLink
from eqsr.core.extensions import limiter
from eqsr.web.access import by_token, member, public
from eqsr.web.login_redirect import safe_next
from eqsr.web.requests import client_address
from eqsr.web.step_up import page_before


@blueprint.route("/password/forgotten", methods=["GET", "POST"])
@public
@limiter.limit("5 per hour", methods=["POST"], key_func=email_tried)
@limiter.limit("30 per hour", methods=["POST"], key_func=get_remote_address)
def forgotten() -> ResponseReturnValue:
    """Take the email address of a user who forgot their password."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("accounts/forgotten.html", form=form), status
    reset_requests.ask(form.email.data, client_address())
    return go(url_for("accounts.forgotten", sent=1), 303)


@blueprint.route("/password/reset/<token>", methods=["GET", "POST"])
@by_token
@limiter.limit("30 per hour")
def reset(token: str) -> ResponseReturnValue:
    """Set a new password by an emailed link, and log the user in."""
    form = ResetForm()
    found = resets.find_by_token(token)
    if not form.validate_on_submit():
        return _reset_page(form, found.user.email, 422 if form.is_submitted() else 200)
    try:
        user = resets.use(token, form.new.data, client_address())
    except WeakPassword as weak:
        form.new.errors = [_(weak.sentence)]
        return _reset_page(form, found.user.email, 422)
    log_in(user)
    flash(_("Your new password is set. Everywhere else you are logged out."), "success")
    return go(url_for("accounts.home"), 303)


@blueprint.errorhandler(InvalidLink)
def _dead_link(_dead: InvalidLink) -> ResponseReturnValue:
    return render_template("accounts/reset_dead.html"), 410


def _reset_page(form: ResetForm, email: str, status: int) -> ResponseReturnValue:
    return render_template("accounts/reset.html", form=form, email=email), status


@blueprint.route("/password", methods=["GET", "POST"])
@member()
def password() -> ResponseReturnValue:
    """Change the user's password."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return _password_page(form, 422 if form.is_submitted() else 200)
    try:
        authentication.change_password(
            current_user, form.current.data, form.new.data, client_address()
        )
    except authentication.WrongPassword as wrong:
        form.current.errors = [_(wrong.sentence)]
        return _password_page(form, 422)
    except WeakPassword as weak:
        form.new.errors = [_(weak.sentence)]
        return _password_page(form, 422)
    flash(_("Your password is changed. Everywhere else you are logged out."), "success")
    return go(url_for("accounts.profile"), 303)


@blueprint.route("/password/confirm", methods=["GET", "POST"])
@member()
def confirm() -> ResponseReturnValue:
    """Ask for the current password, and lead back to what needs it (web.step_up)."""
    form = ConfirmForm(data={"next": safe_next(request.args.get("next"))})
    target = safe_next(form.next.data)
    if not form.validate_on_submit():
        return _confirm_page(form, target, 422 if form.is_submitted() else 200)
    try:
        authentication.confirm(current_user, form.confirm_password.data, client_address())
    except authentication.WrongPassword as wrong:
        form.confirm_password.errors = [_(wrong.sentence)]
        return _confirm_page(form, target, 422)
    return go(target, 303)


def _confirm_page(form: ConfirmForm, target: str, status: int) -> ResponseReturnValue:
    page = render_template(
        "accounts/confirm.html",
        form=form,
        action=url_for("accounts.confirm"),
        kept=[("next", target)],
        lost="lost" in request.args,
        back=page_before(),
    )
    return page, status


def _password_page(form: PasswordForm, status: int) -> ResponseReturnValue:
    return render_template("accounts/password.html", form=form), status
