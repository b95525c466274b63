"""Logging a user in, for the views of several rooms."""

from flask import request, session
from flask_login import login_user

from eqsr.accounts import sessions
from eqsr.accounts.devices import device
from eqsr.accounts.models import User
from eqsr.web.pages import chosen_language
from eqsr.web.requests import client_address


def let_in(user: User) -> None:
    """Log this user in here; nothing of a session that somebody may have planted is kept."""
    forget_session()
    session.permanent = True
    login_user(sessions.begin(user, device(request.user_agent.string), client_address()))


def forget_session() -> None:
    """All but the language: whoever has just chosen one goes on reading it."""
    chosen = chosen_language()
    session.clear()
    if chosen:
        session["language"] = chosen
