"""The scopes that we ask for, why, and the harmless call that needs each one.

A call reads a list of one, or writes to an object that can't exist.
"""

from collections.abc import Callable
from dataclasses import dataclass

from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.access import NoAccess
from eqsr.smartrecruiters.messages import NONEXISTENT_ID


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
