"""Check by real calls whose account a credential opens, and whether it has the scopes we need."""

from typing import Any

from flask_babel import gettext as _

from eqsr.connections.models import Connection
from eqsr.core.messages import N_, store, store_plural
from eqsr.instruments.naming import translated
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors import (
    CREDENTIALS_PAGE,
    CredentialsRefused,
    SmartRecruitersError,
    Throttled,
)
from eqsr.smartrecruiters.scopes import SCOPES, Scope, ScopeCheck, check_scope
from eqsr.smartrecruiters.types import Company

COMPANY_HIDDEN = N_(
    "SmartRecruiters does not let us see whose account this credential opens, and %(before)s is "
    "connected here. Add the scope company_read to the credential, then try again."
)
OTHER_COMPANY = N_(
    "These credentials belong to %(found)s, but %(before)s was connected here before: use "
    "credentials of the same company, or contact support."
)


def company(client: SmartRecruiters) -> Company | None:
    """Return whose account it is; None if SmartRecruiters does not let us see it.

    Raises CredentialsRefused, and a retryable SmartRecruitersError.
    """
    try:
        found = client.company()
        return found if found.name else None
    except CredentialsRefused:
        raise
    except SmartRecruitersError as error:
        if error.retryable:
            raise
        return None


def company_mismatch(connection: Connection, found: Company | None) -> str:
    """Return a stored sentence if the credential is not the connected company's, else ''.

    Jobs and candidates of two companies must not be mixed in one organisation. So once the company
    is known, a credential that does not show its company (``found`` None) is refused too.
    """
    identifier, name = connection.company_identifier, connection.company_name
    if not known_company(connection):
        return ""
    shown = found and (found.identifier if identifier else found.name)
    if found is None or not shown:
        return store(COMPANY_HIDDEN, before=name or identifier)
    if shown == (identifier or name):
        return ""
    return store(OTHER_COMPANY, found=found.name or found.identifier, before=name or identifier)


def known_company(connection: Connection | None) -> str:
    """Return the company that is or was connected, '' if unknown.

    A new credential must show the same one (see ``company_mismatch``).
    """
    if connection is None or connection.connected_at is None:
        return ""
    return connection.company_name or connection.company_identifier or ""


def prove_scope(client: SmartRecruiters, scope: Scope) -> ScopeCheck:
    """Check one scope, twice if the first answer is inconclusive.

    If the second is too, the scope stays unproved, which does not stop anyone from connecting.
    Raises SmartRecruitersError only if SmartRecruiters answers nothing at all, as a later attempt
    can tell more.
    """
    check = check_scope(client, scope)
    if check.trouble is not None:
        check = check_scope(client, scope)
    if check.trouble is not None and scope.needed and _is_unavailable(client, check.trouble):
        raise check.trouble
    return check


def _is_unavailable(client: SmartRecruiters, trouble: SmartRecruitersError) -> bool:
    """Does the error concern more than one call? Asks for the company, as any credential may."""
    if isinstance(trouble, Throttled):
        return True
    try:
        client.company()
    except SmartRecruitersError as error:
        return error.retryable
    return False


def missing(checks: list[dict[str, Any]]) -> list[str]:
    """Return the needed scopes that are missing, from the rows of Connection.scopes."""
    needed = {scope.value for scope in SCOPES if scope.needed}
    return [
        check["scope"]
        for check in checks
        if check["scope"] in needed and check["outcome"] == "missing"
    ]


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


def as_row(check: ScopeCheck) -> dict[str, str]:
    """Return the check as a row of Connection.scopes."""
    return {
        "scope": check.scope.value,
        "outcome": check.outcome,
        "sentence": sentence_for(check),
    }


def sentence_for(check: ScopeCheck) -> str:
    """Return the sentence to store for a check: '' if granted; says if the scope is optional."""
    if check.outcome == "granted":
        return ""
    if check.scope.needed:
        return check.sentence
    return f"{check.sentence} You can also do without it."
