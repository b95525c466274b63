"""The scopes that we ask for and why, and a harmless call that checks each one.

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

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors import (
    CREDENTIALS_PAGE,
    CredentialsRefused,
    NoAccess,
    NotFound,
    RequestRefused,
    SmartRecruitersError,
)
from eqsr.smartrecruiters.messages import NONEXISTENT_ID

Outcome = Literal["granted", "missing", "unproved"]


@dataclass(frozen=True)
class Scope:
    """One scope.

    ``value``: its name in SmartRecruiters, which the admin ticks. ``reason``: why we need it, for
    the admin. ``needed``: without it we can't connect; without the others some features are
    missing. ``check``: makes the call that checks it.
    """

    value: str
    reason: str
    needed: bool
    check: Callable[[SmartRecruiters], object]


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


def _prove_attaching(client: SmartRecruiters) -> None:
    client.attach(
        NONEXISTENT_ID, NONEXISTENT_ID, "connection-check.txt", b"connection check", "text/plain"
    )


def _prove_managing(client: SmartRecruiters) -> None:
    """Tag a candidate who does not exist: 400 or 403 (published OpenAPI).

    As 403 proves nothing, delete an attachment that does not exist then: that is a 404.
    """
    try:
        client.add_tags(NONEXISTENT_ID, [])
    except NoAccess as refusal:
        if not refusal.out_of_reach:
            raise
        client.delete_attachment(NONEXISTENT_ID)


SCOPES = (
    Scope(
        "jobs_read",
        "to list your jobs, so that an assessment can be connected to one",
        True,
        lambda client: client.jobs_page(limit=1),
    ),
    Scope(
        "configuration_read",
        "to show your hiring stages, so that one can be chosen to send the assessment",
        True,
        lambda client: client.hiring_processes(),
    ),
    Scope(
        "candidates_read",
        "to see who moved into that stage, and the name and email address to invite",
        True,
        lambda client: client.candidates_page(limit=1),
    ),
    Scope(
        "candidates_manage",
        "to tag candidates as invited and completed",
        True,
        _prove_managing,
    ),
    Scope(
        "messages_write",
        "to put the result with its View details link on the candidate's profile",
        True,
        lambda client: client.send_refused_note(),
    ),
    Scope(
        "messages_manage",
        "to replace our own note when a result changes, instead of adding another",
        True,
        lambda client: client.delete_note(NONEXISTENT_ID),
    ),
    Scope(
        "webhooks_manage",
        "to hear at once when a candidate moves",
        True,
        lambda client: client.subscriptions(),
    ),
    Scope(
        "candidates_create",
        "to attach the report as a PDF, for jobs where you switch that on",
        False,
        _prove_attaching,
    ),
    Scope(
        "messages_read",
        "to see whether our note arrived when the connection broke while sending it",
        False,
        lambda client: next(client.notes(NONEXISTENT_ID), None),
    ),
    Scope(
        "job_applications_read",
        "to find an application by its own ID",
        False,
        lambda client: client.job_application(NONEXISTENT_ID),
    ),
    Scope(
        "company_read",
        "to show your company's name, so that you can see that the right account is connected",
        False,
        lambda client: client.company(),
    ),
)


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
