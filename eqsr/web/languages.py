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


def answer_in(language: str, time_zone: str) -> None:
    """Answer this request in ``language`` and by the clock of ``time_zone``.

    Candidates' pages are in the language of the job, whatever the visitor chose, and tell the
    organisation's days.
    """
    g.language = language
    set_time_zone(time_zone)


def set_time_zone(time_zone: str) -> None:
    """Answer this visitor's request by the clock of this IANA time zone."""
    g.time_zone = time_zone
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
    """The time zone of the page, of the user or of the organisation; None for a visitor whose page
    is about no organisation.

    In the browser, app.js shows times in the device's zone unless the user chose one. Raises
    LookupError outside a page.
    """
    if not request:
        # A worker has no reader of its own, and UTC would tell many people the wrong day.
        raise LookupError("a day or hour that is told outside a page needs a time zone")
    user = known_user()
    own = (user.time_zone or user.organisation.time_zone) if user else None
    return cast(str | None, g.get("time_zone")) or own


def known_user() -> User | None:
    """The logged-in user, if known already: an error page must not query the database."""
    user = g.get("_login_user")
    return user if user is not None and user.is_authenticated else None
