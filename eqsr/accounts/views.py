"""Pages for logging in and out, and for the user's profile, password and sessions."""

import uuid
from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from flask_login import current_user, logout_user

from eqsr.accounts import resets, service, sessions
from eqsr.accounts.forms import (
    ForgottenForm,
    LoginForm,
    PasswordForm,
    ProfileForm,
    ResetForm,
)
from eqsr.accounts.models import Role, User
from eqsr.accounts.pages import forget_session, let_in
from eqsr.accounts.passwords import WeakPassword
from eqsr.core.emailed_links import InvalidLink
from eqsr.core.extensions import limiter, login
from eqsr.web.access import by_token, member, public, safe_next
from eqsr.web.pages import offered_languages
from eqsr.web.requests import client_address

blueprint = Blueprint("accounts", __name__)

# Rate limit of wrong passwords; successful logins do not count.
FAILED_LOGINS = "10 per minute"


@login.user_loader
def load_user(value: str) -> User | None:
    """Return the user whose session cookie holds ``value``, for Flask-Login."""
    return sessions.user_of(value)


@blueprint.app_context_processor
def _menu() -> dict[str, Any]:
    entries = [
        {"label": _("Your profile"), "url": url_for("accounts.profile")},
        {"label": _("Change password"), "url": url_for("accounts.password")},
    ]
    return {"menu_items": entries, "logout_url": url_for("accounts.logout")}


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    """Redirect to the start page of the user's role, or to the login page."""
    if not current_user.is_authenticated:
        return go(url_for("accounts.login"))
    if current_user.role == Role.STAFF:
        return go(url_for("onboarding.customers"))
    return go(url_for("jobs.overview"))


# --- In and out --------------------------------------------------------------------------------


def _failed(response: Response) -> bool:
    return response.status_code == 401


def _invalid(response: Response) -> bool:
    return response.status_code == 422


def _email_tried() -> str:
    """The rate limit's key: the address in the form."""
    return "email " + (request.form.get("email") or "").strip().lower()[:254]


@blueprint.route("/login", endpoint="login", methods=["GET", "POST"])
@public
@limiter.limit(FAILED_LOGINS, methods=["POST"], key_func=_email_tried, deduct_when=_failed)
@limiter.limit(FAILED_LOGINS, methods=["POST"], key_func=get_remote_address, deduct_when=_failed)
def login_page() -> ResponseReturnValue:
    """Show the login form, or log the user in and open the page they wanted."""
    form = LoginForm(data={"next": safe_next(request.args.get("next"))})
    target = safe_next(form.next.data)
    if current_user.is_authenticated:
        return go(target)
    if not form.validate_on_submit():
        return _login_page(form, "", 422 if form.is_submitted() else 200)
    user = service.authenticate(form.email.data, form.password.data, client_address())
    if user is None:
        sentence = _("This e-mail address and password do not match. Check both and try again.")
        return _login_page(form, sentence, 401)
    let_in(user)
    return go(target)


@blueprint.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """End the current session."""
    if current_user.is_authenticated:
        sessions.end(current_user, current_user.session_id, client_address())
    logout_user()
    forget_session()
    flash(_("You are logged out."), "success")
    return go(url_for("accounts.login"))


# --- A forgotten password ----------------------------------------------------------------------


@blueprint.route("/password/forgotten", methods=["GET", "POST"])
@public
@limiter.limit("5 per hour", methods=["POST"], key_func=_email_tried)
@limiter.limit("30 per hour", methods=["POST"], key_func=get_remote_address)
def forgotten() -> ResponseReturnValue:
    """Take the email address of a user who forgot their password."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("accounts/forgotten.html", form=form), status
    resets.ask(form.email.data, client_address())
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
    let_in(user)
    flash(_("Your new password is set. Everywhere else you are logged out."), "success")
    return go(url_for("accounts.home"), 303)


@blueprint.errorhandler(InvalidLink)
def _dead_link(_dead: InvalidLink) -> ResponseReturnValue:
    return render_template("accounts/reset_dead.html"), 410


def _reset_page(form: ResetForm, email: str, status: int) -> ResponseReturnValue:
    return render_template("accounts/reset.html", form=form, email=email), status


# --- One's own profile -------------------------------------------------------------------------


@blueprint.route("/profile", methods=["GET", "POST"])
@member()
def profile() -> ResponseReturnValue:
    """Show or change the user's profile, and list their sessions."""
    user = current_user
    now_set = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
    form = ProfileForm(offered_languages(), data=now_set)
    if not form.validate_on_submit():
        page = render_template(
            "accounts/profile.html", form=form, sessions=sessions.open_sessions(user.id)
        )
        return page, 422 if form.is_submitted() else 200
    name = " ".join(form.name.data.split())
    service.change_profile(user, name, form.language.data, form.time_zone.data)
    flash(_("Your profile is saved."), "success")
    return go(url_for("accounts.profile"), 303)


@blueprint.route("/password", methods=["GET", "POST"])
@member()
@limiter.limit(FAILED_LOGINS, methods=["POST"], deduct_when=_invalid)
def password() -> ResponseReturnValue:
    """Change the user's password."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return _password_page(form, 422 if form.is_submitted() else 200)
    try:
        service.change_password(current_user, form.current.data, form.new.data, client_address())
    except service.WrongPassword as wrong:
        form.current.errors = [_(wrong.sentence)]
        return _password_page(form, 422)
    except WeakPassword as weak:
        form.new.errors = [_(weak.sentence)]
        return _password_page(form, 422)
    flash(_("Your password is changed. Everywhere else you are logged out."), "success")
    return go(url_for("accounts.profile"), 303)


@blueprint.post("/sessions/<uuid:session_id>/end")
@member()
def end_session(session_id: uuid.UUID) -> ResponseReturnValue:
    """End one of the user's sessions."""
    sessions.end(current_user, session_id, client_address())
    flash(_("That session is ended."), "success")
    return go(url_for("accounts.profile"), 303)


@blueprint.post("/sessions/end-others")
@member()
def end_other_sessions() -> ResponseReturnValue:
    """End all of the user's sessions but this one."""
    sessions.end_others(current_user, client_address())
    flash(_("Everywhere else you are logged out."), "success")
    return go(url_for("accounts.profile"), 303)


def _login_page(form: LoginForm, problem: str, status: int) -> ResponseReturnValue:
    return render_template("accounts/login.html", form=form, problem=problem), status


def _password_page(form: PasswordForm, status: int) -> ResponseReturnValue:
    return render_template("accounts/password.html", form=form), status
