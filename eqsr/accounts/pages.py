"""Log a user in or out of a browser, for the views of several rooms."""

from flask import request, session
from flask_login import login_user

from eqsr.accounts import sessions
from eqsr.accounts.devices import device
from eqsr.accounts.models import User
from eqsr.web.pages import chosen_language
from eqsr.web.requests import client_address


def let_in(user: User) -> None:
    """Log this user in, in a fresh session: an earlier one may have been planted (fixation)."""
    forget_session()
    session.permanent = True
    login_user(sessions.begin(user, device(request.user_agent.string), client_address()))


def forget_session() -> None:
    """Clear the browser's session, except for the language that the visitor chose."""
    chosen = chosen_language()
    session.clear()
    if chosen:
        session["language"] = chosen
