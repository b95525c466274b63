"""The blueprint of the account pages, and what several views share: limits, logging in and out."""

from flask import Blueprint, Response, after_this_request, request, session
from flask_login import login_user

from eqsr.accounts import known_devices, sessions
from eqsr.accounts.devices import device
from eqsr.accounts.login_limits import account_key
from eqsr.accounts.models import User
from eqsr.web.cookies import cookie_name, set_cookie
from eqsr.web.languages import chosen_language
from eqsr.web.requests import client_address

blueprint = Blueprint("accounts", __name__)

# The cookie by which a browser is known in which somebody logged in; see accounts.known_devices.
DEVICE_COOKIE = "device"


def email_tried() -> str:
    """The rate limit's key: the address in the form, in whichever spelling."""
    return "email " + account_key(request.form.get("email") or "")


def device_cookie() -> str:
    """What the browser sends to be known by; '' if it never sent anything."""
    return request.cookies.get(cookie_name(DEVICE_COOKIE), "")


def log_in(user: User) -> None:
    """Log this user in, in a fresh session: an earlier one may have been planted (fixation)."""
    clear_session()
    session.permanent = True
    login_user(sessions.begin(user, device(request.user_agent.string), client_address()))
    known = known_devices.remember(device_cookie(), user.email)

    @after_this_request
    def remember_device(response: Response) -> Response:
        set_cookie(response, DEVICE_COOKIE, known, known_devices.LIFETIME)
        return response


def clear_session() -> None:
    """Clear the browser's session, except for the language that the visitor chose."""
    chosen = chosen_language()
    session.clear()
    if chosen:
        session["language"] = chosen
