"""Does a credential do what we need? Asked of SmartRecruiters by real calls."""

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

UNSHOWN = N_(
    "SmartRecruiters does not let us see whose account this credential opens, and %(before)s is "
    "connected here. Add the scope company_read to the credential, then try again."
)
ANOTHER = N_(
    "These credentials belong to %(found)s, but %(before)s was connected here before: use "
    "credentials of the same company, or contact support."
)


def company(client: SmartRecruiters) -> Company | None:
    """Whose account it is, or None when SmartRecruiters does not let us know. Raises what another
    try may overcome, and CredentialsRefused."""
    try:
        found = client.company()
        return found if found.name else None
    except CredentialsRefused:
        raise
    except SmartRecruitersError as error:
        if error.retryable:
            raise
        return None


def is_other_company(connection: Connection, found: Company | None) -> str:
    """Why this credential must not take the place of the connection's own, as a kept sentence; ''
    when nothing speaks against it.

    Jobs and candidates of two companies must not be mixed under one organisation. So once we know
    the company, a credential that does not show it is refused like one of another company.
    """
    identifier, name = connection.company_identifier, connection.company_name
    if not known_company(connection):
        return ""
    shown = found and (found.identifier if identifier else found.name)
    if not shown:
        return store(UNSHOWN, before=name or identifier)
    if shown == (identifier or name):
        return ""
    return store(ANOTHER, found=found.name or found.identifier, before=name or identifier)


def known_company(connection: Connection | None) -> str:
    """Whose account is or was connected here, as far as we know; a new credential must show the
    same (see ``another_company``)."""
    if connection is None or connection.connected_at is None:
        return ""
    return connection.company_name or connection.company_identifier or ""


def prove_scope(client: SmartRecruiters, scope: Scope) -> ScopeCheck:
    """Check one scope. Where the answer tells nothing it is asked once more, and what that tells
    counts. While SmartRecruiters answers nothing at all, that is raised, because a later try can
    tell; a single call that fails leaves its scope unproved, which keeps nobody from going on."""
    check = check_scope(client, scope)
    if check.trouble is not None:
        check = check_scope(client, scope)
    if check.trouble is not None and scope.needed and _away(client, check.trouble):
        raise check.trouble
    return check


def _away(client: SmartRecruiters, trouble: SmartRecruitersError) -> bool:
    """Does this trouble concern more than the one call? Something that every credential may ask
    for tells."""
    if isinstance(trouble, Throttled):
        return True
    try:
        client.company()
    except SmartRecruitersError as error:
        return error.retryable
    return False


def missing(checks: list[dict]) -> list[str]:
    """The scopes that we can't do without and don't have."""
    needed = {scope.value for scope in SCOPES if scope.needed}
    return [
        check["scope"]
        for check in checks
        if check["scope"] in needed and check["outcome"] == "missing"
    ]


def missing_sentence(scopes: list[str]) -> str:
    """What to do about missing scopes, in one sentence for all of them, to be kept."""
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
    """What a scope's check means, beside its name and in the language in force; ``stored`` is what
    was kept of it. What to do about all of them ``missing_sentence`` says once."""
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
    """As it is kept in Connection.scopes."""
    return {
        "scope": check.scope.value,
        "outcome": check.outcome,
        "sentence": sentence_for(check),
    }


def sentence_for(check: ScopeCheck) -> str:
    """The sentence for people; a scope that we can do without says so."""
    if check.outcome == "granted":
        return ""
    if check.scope.needed:
        return check.sentence
    return f"{check.sentence} You can also do without it."
