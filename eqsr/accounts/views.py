"""Pages for logging in and out, and the start page."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from eqsr.accounts import authentication, sessions
from eqsr.accounts.forms import LoginForm
from eqsr.accounts.models import Role, User
from eqsr.accounts.pages import blueprint, clear_session, device_cookie, log_in
from eqsr.core.extensions import login
from eqsr.web.access import public
from eqsr.web.login_redirect import safe_next
from eqsr.web.requests import client_address


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


@blueprint.route("/login", endpoint="login", methods=["GET", "POST"])
@public
def login_page() -> ResponseReturnValue:
    """Show the login form, or log the user in and open the page they wanted."""
    form = LoginForm(data={"next": safe_next(request.args.get("next"))})
    target = safe_next(form.next.data)
    if current_user.is_authenticated:
        return go(target)
    if not form.validate_on_submit():
        return _login_page(form, "", 422 if form.is_submitted() else 200)
    user = authentication.authenticate(
        form.email.data, form.password.data, client_address(), device_cookie()
    )
    if user is None:
        sentence = _("This e-mail address and password do not match. Check both and try again.")
        return _login_page(form, sentence, 401)
    log_in(user)
    return go(target)


@blueprint.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """End the current session."""
    if current_user.is_authenticated:
        sessions.end(current_user, current_user.session_id, client_address())
    logout_user()
    clear_session()
    flash(_("You are logged out."), "success")
    return go(url_for("accounts.login"))


def _login_page(form: LoginForm, problem: str, status: int) -> ResponseReturnValue:
    return render_template("accounts/login.html", form=form, problem=problem), status
