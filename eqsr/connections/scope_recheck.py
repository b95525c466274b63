"""Check a working connection's scopes again when the last result is old."""

from datetime import timedelta
from typing import Any

from eqsr.connections import queries, scope_checks
from eqsr.connections.models import Connection, ConnectionState
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.scopes import SCOPES

# How long a check of all scopes is valid; token and subscription are checked every time.
SCOPE_CHECK_VALID = timedelta(hours=6)


def current_scopes(client: SmartRecruiters, connection: Connection) -> list[dict[str, Any]]:
    """Return the row of each scope, checking those again whose result is old or inconclusive."""
    known = {row["scope"]: row for row in connection.scopes}
    lately = connection.checked_at and now() - connection.checked_at < SCOPE_CHECK_VALID
    fresh = lately and connection.state is ConnectionState.ACTIVE
    to_check = [s for s in SCOPES if not fresh or not _is_conclusive(known.get(s.value))]
    if not to_check:
        return connection.scopes
    found = {
        scope.value: scope_checks.as_row(scope_checks.prove_scope(client, scope))
        for scope in to_check
    }
    # An inconclusive result does not replace a conclusive one.
    new = {
        name: row
        for name, row in found.items()
        if _is_conclusive(row) or not _is_conclusive(known.get(name))
    }
    with transaction():
        row = queries.for_update(connection.id)
        row.scopes = [(known | new)[scope.value] for scope in SCOPES]
        if not fresh:
            row.checked_at = now()
    return row.scopes


def _is_conclusive(row: dict[str, Any] | None) -> bool:
    return row is not None and row["outcome"] != "unproved"
