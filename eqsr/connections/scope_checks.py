"""Check by real calls which scopes a credential has."""

from typing import Any

from eqsr.connections.scope_sentences import sentence_for
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.base import SmartRecruitersError
from eqsr.smartrecruiters.errors.outages import Throttled
from eqsr.smartrecruiters.scope_checks import ScopeCheck, check_scope
from eqsr.smartrecruiters.scopes import SCOPES, Scope


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


def as_row(check: ScopeCheck) -> dict[str, str]:
    """Return the check as a row of Connection.scopes."""
    return {
        "scope": check.scope.value,
        "outcome": check.outcome,
        "sentence": sentence_for(check),
    }
