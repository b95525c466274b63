"""The blueprint of the account pages, and what several views share: limits, logging in and out."""

from flask import Blueprint, request, session
from flask_login import login_user

from eqsr.accounts import sessions
from eqsr.accounts.devices import device
from eqsr.accounts.models import User
from eqsr.web.languages import chosen_language
from eqsr.web.requests import client_address

blueprint = Blueprint("accounts", __name__)

# Rate limit of wrong passwords; successful logins do not count.
FAILED_LOGINS = "10 per minute"


def email_tried() -> str:
    """The rate limit's key: the address in the form."""
    return "email " + (request.form.get("email") or "").strip().lower()[:254]


def log_in(user: User) -> None:
    """Log this user in, in a fresh session: an earlier one may have been planted (fixation)."""
    clear_session()
    session.permanent = True
    login_user(sessions.begin(user, device(request.user_agent.string), client_address()))


def clear_session() -> None:
    """Clear the browser's session, except for the language that the visitor chose."""
    chosen = chosen_language()
    session.clear()
    if chosen:
        session["language"] = chosen
