"""Say which scopes are missing and what to do about it."""

from flask_babel import gettext as _

from eqsr.core.messages import store_plural
from eqsr.instruments.naming import translated
from eqsr.smartrecruiters.errors.access import CREDENTIALS_PAGE
from eqsr.smartrecruiters.scope_checks import ScopeCheck
from eqsr.smartrecruiters.scopes import SCOPES


def missing_sentence(scopes: list[str]) -> str:
    """Return a stored sentence that says what to do about all these missing scopes."""
    return store_plural(
        "The scope %(scopes)s is missing, or the credential's system role is too weak: make a new "
        "credential with all scopes under %(page)s.",
        "The scopes %(scopes)s are missing, or the credential's system role is too weak: make a "
        "new credential with all scopes under %(page)s.",
        len(scopes),
        scopes=", ".join(scopes),
        page=CREDENTIALS_PAGE,
    )


def scope_sentence(scope: str, outcome: str, stored: str) -> str:
    """Return the text beside a scope's name, in the reader's language.

    ``outcome`` and ``stored`` are from Connection.scopes. What to do about missing scopes is said
    once for all of them (``missing_sentence``).
    """
    if outcome == "missing":
        text = _("Missing, or the credential's system role is too weak.")
    elif outcome == "unproved":
        text = _(
            "SmartRecruiters did not tell whether the scope %(scope)s is there: check that it is "
            "ticked under %(page)s, then go on.",
            scope=scope,
            page=CREDENTIALS_PAGE,
        )
    else:
        return translated(stored)
    needed = {one.value for one in SCOPES if one.needed}
    return text if scope in needed else _("%(sentence)s You can also do without it.", sentence=text)


def sentence_for(check: ScopeCheck) -> str:
    """Return the sentence to store for a check: '' if granted; says if the scope is optional."""
    if check.outcome == "granted":
        return ""
    if check.scope.needed:
        return check.sentence
    return f"{check.sentence} You can also do without it."
