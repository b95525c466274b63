"""Choose the language and time zone of a page."""

from typing import cast

from flask import current_app, g, request, session
from flask_babel import refresh

from eqsr.accounts.models import User

# The language of the source texts; others are offered if they have a catalogue.
SOURCE = "en"


def offered_languages() -> dict[str, str]:
    """Code and name of every language that has a catalogue, English included."""
    return cast(dict[str, str], current_app.extensions["eqsr.languages"])


def set_language(language: str) -> None:
    """Answer this request in ``language``, whatever the visitor chose.

    Candidates' pages are in the language of the job.
    """
    g.language = language
    refresh()


def chosen_language() -> str:
    """The language that the visitor chose in the footer; empty if none."""
    return cast(str, session.get("language", ""))


def store_language() -> None:
    """Store the language from ``?language=nl`` in the browser's session."""
    wanted = request.args.get("language")
    if wanted in offered_languages():
        session["language"] = wanted


def language_of_page() -> str:
    """The language of the page, of the user or visitor, or of the browser, in this order."""
    offered = offered_languages()
    if not request:
        return SOURCE
    user = known_user()
    for choice in (g.get("language"), user and user.language, chosen_language()):
        if choice and choice in offered:
            return str(choice)
    return request.accept_languages.best_match(offered) or SOURCE


def time_zone_of_page() -> str | None:
    """The time zone of the user or the organisation; None for visitors.

    In the browser, app.js shows times in the device's zone unless the user chose one.
    """
    user = known_user() if request else None
    return (user.time_zone or user.organisation.time_zone) if user else None


def known_user() -> User | None:
    """The logged-in user, if known already: an error page must not query the database."""
    user = g.get("_login_user")
    return user if user is not None and user.is_authenticated else None
