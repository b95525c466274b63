"""Logging in and out, and one's own password."""

from flask import Blueprint, flash, render_template, request, session, url_for
from flask import redirect as go
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from flask_login import current_user, login_user, logout_user

from eqsr.access import member, public, safe_next
from eqsr.accounts import service
from eqsr.accounts.forms import LoginForm, PasswordForm
from eqsr.accounts.models import Role, User
from eqsr.extensions import limiter, login

blueprint = Blueprint("accounts", __name__)

# Failed tries; a successful login does not count.
TRIES = "10 per minute"


@login.user_loader
def load_user(value: str) -> User | None:
    return service.by_session(value)


@blueprint.app_context_processor
def _menu() -> dict:
    entry = {"label": _("Change password"), "url": url_for("accounts.password")}
    return {"menu_items": [entry], "logout_url": url_for("accounts.logout")}


@blueprint.get("/")
@public
def home():
    if not current_user.is_authenticated:
        return go(url_for("accounts.login"))
    if current_user.role == Role.STAFF:
        return go(url_for("onboarding.customers"))
    return go(url_for("jobs.overview"))


def _failed(response) -> bool:
    return response.status_code == 401


def _email_tried() -> str:
    return "email " + (request.form.get("email") or "").strip().lower()[:254]


@blueprint.route("/login", endpoint="login", methods=["GET", "POST"])
@public
@limiter.limit(TRIES, methods=["POST"], key_func=_email_tried, deduct_when=_failed)
@limiter.limit(TRIES, methods=["POST"], key_func=get_remote_address, deduct_when=_failed)
def login_page():
    form = LoginForm(data={"next": safe_next(request.args.get("next"))})
    target = safe_next(form.next.data)
    if current_user.is_authenticated:
        return go(target)
    if not form.validate_on_submit():
        return _login_page(form, "", 422 if form.is_submitted() else 200)
    user = service.authenticate(form.email.data, form.password.data, request.remote_addr or "")
    if user is None:
        sentence = _("This e-mail address and password do not match. Check both and try again.")
        return _login_page(form, sentence, 401)
    _let_in(user)
    return go(target)


@blueprint.post("/logout")
@public
def logout():
    logout_user()
    session.clear()
    flash(_("You are logged out."), "success")
    return go(url_for("accounts.login"))


@blueprint.route("/password", methods=["GET", "POST"])
@member()
@limiter.limit(TRIES, methods=["POST"], deduct_when=lambda response: response.status_code == 422)
def password():
    form = PasswordForm()
    if not form.validate_on_submit():
        return _password_page(form, 422 if form.is_submitted() else 200)
    try:
        user = service.change_password(
            current_user.id, form.current.data, form.new.data, request.remote_addr or ""
        )
    except service.WrongPassword as wrong:
        form.current.errors = [_(wrong.sentence)]
        return _password_page(form, 422)
    _let_in(user)
    flash(_("Your password is changed. Everywhere else you are logged out."), "success")
    return go(url_for("accounts.home"))


def _let_in(user: User) -> None:
    # Nothing of a session that somebody else may have planted is kept.
    session.clear()
    session.permanent = True
    login_user(user)


def _login_page(form: LoginForm, problem: str, status: int):
    return render_template("accounts/login.html", form=form, problem=problem), status


def _password_page(form: PasswordForm, status: int):
    return render_template("accounts/password.html", form=form), status
