"""Check which scopes a credential has, by making the harmless call that needs each one.

SmartRecruiters has no call that lists a token's scopes. So each check makes a call that needs the
scope but changes nothing: it reads a list of one, or writes to an object that can't exist. The
answer decides (SmartRecruiters docs, error handling and access scopes):

- SmartRecruiters' own error for a scope (``OAuthPermissionsException``): missing. Nothing else
  proves that. An unproved scope never stops the user.
- 2xx: granted.
- 400, 404, 409, 415, 422: granted, because SmartRecruiters checks scopes before it looks at the
  request. The same holds for codes that say that a candidate or job is out of reach
  (``NO_ACCESS_TO_…``).
- Any other 401 or 403: unproved. SmartRecruiters sends these for a candidate or job that does not
  exist, and for a system role that is too weak. We never write to a real candidate to find out.
- 429, 5xx, no answer: unproved.

``CredentialsRefused`` is passed on, because scopes mean nothing without a token.
"""

from dataclasses import dataclass
from typing import Literal

from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.access import CREDENTIALS_PAGE, CredentialsRefused, NoAccess
from eqsr.smartrecruiters.errors.base import SmartRecruitersError
from eqsr.smartrecruiters.errors.refusals import NotFound, RequestRefused
from eqsr.smartrecruiters.scopes import Scope

Outcome = Literal["granted", "missing", "unproved"]


@dataclass(frozen=True)
class ScopeCheck:
    """The outcome of a check.

    ``sentence``: the outcome for a person, and what to do unless it is ``granted``. ``trouble``:
    the error that prevented the check, if another try may succeed.
    """

    scope: Scope
    outcome: Outcome
    sentence: str
    trouble: SmartRecruitersError | None = None


def check_scope(client: SmartRecruiters, scope: Scope) -> ScopeCheck:
    """Check one scope with a call. Raises CredentialsRefused."""
    try:
        scope.check(client)
    except CredentialsRefused:
        raise
    except NoAccess as refusal:
        return _refused(scope, refusal)
    except (NotFound, RequestRefused):
        pass
    except SmartRecruitersError as error:
        return ScopeCheck(scope, "unproved", error.sentence, error if error.retryable else None)
    return ScopeCheck(scope, "granted", f"The scope {scope.value} works.")


def _refused(scope: Scope, refusal: NoAccess) -> ScopeCheck:
    if any(code.startswith("NO_ACCESS_TO_") for code in refusal.codes):
        return ScopeCheck(scope, "granted", f"The scope {scope.value} works.")
    if refusal.lacks_scope:
        return ScopeCheck(
            scope,
            "missing",
            f"The scope {scope.value} is missing, or the credential's system role is too weak: "
            f"make a new credential with it under {CREDENTIALS_PAGE}.",
        )
    return ScopeCheck(
        scope,
        "unproved",
        f"SmartRecruiters did not tell whether the scope {scope.value} is there: check that it is "
        f"ticked under {CREDENTIALS_PAGE}, then go on.",
    )
