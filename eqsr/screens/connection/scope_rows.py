"""The scopes of a credential, as the connection page lists them."""

from dataclasses import dataclass

from eqsr.connections.scope_sentences import scope_sentence
from eqsr.instruments.naming import translated
from eqsr.smartrecruiters.scopes import SCOPES

SCOPE_REASONS = {scope.value: scope.reason for scope in SCOPES}
NEEDED = {scope.value for scope in SCOPES if scope.needed}
SCOPE_STATES = {"granted": "ok", "missing": "failed", "unproved": "warning"}


@dataclass(frozen=True)
class ScopeRow:
    """A scope of the credential; ``state`` is ok, warning or failed."""

    title: str
    state: str
    text: str


def scope_row(check: dict) -> ScopeRow:
    """The row of one check, as the connection stores it; only needed scopes can be ``failed``."""
    scope, state = check["scope"], SCOPE_STATES[check["outcome"]]
    if state == "failed" and scope not in NEEDED:
        state = "warning"
    said = scope_sentence(scope, check["outcome"], check["sentence"])
    return ScopeRow(scope, state, said or translated(SCOPE_REASONS.get(scope, "")))
