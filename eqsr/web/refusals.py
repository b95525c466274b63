"""Write down that a user was refused a page: of another role, organisation or team."""

import uuid
from datetime import timedelta

from flask import request
from flask_login import current_user
from sqlalchemy import select

from eqsr.activity import service as activity
from eqsr.activity import sparing
from eqsr.activity.actions import AuditAction
from eqsr.activity.models import AuditEntry
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.outbox.counters import Limit
from eqsr.web.requests import client_address

# A user who asks for the same again within this time adds no second entry.
INTERVAL = timedelta(minutes=1)
# So many of a user within an hour have an entry each; of more, only some have, with their number.
PER_HOUR = 30


def record_refusal() -> None:
    """Add an audit entry for the user and the page that this request asks for.

    ``subject_id`` is the id in the address that does not exist for the user, if there is one.
    """
    if not current_user.is_authenticated:
        return
    ids = [value for value in (request.view_args or {}).values() if isinstance(value, uuid.UUID)]
    subject_id = ids[-1] if ids else None
    user_id, organisation_id = current_user.id, current_user.organisation_id
    latest = db.session.scalars(
        select(AuditEntry.facts)
        .where(AuditEntry.organisation_id == organisation_id, AuditEntry.at > now() - INTERVAL)
        .where(AuditEntry.action == AuditAction.ACCESS_REFUSED, AuditEntry.user_id == user_id)
        .where(
            AuditEntry.subject_id == subject_id if subject_id else AuditEntry.subject_id.is_(None)
        )
    )
    facts = {"endpoint": request.endpoint or "", "method": request.method}
    if facts in latest.all():
        return
    more = sparing.facts_if_noted(Limit(f"refused pages of {user_id}", PER_HOUR, 3600))
    if more is not None:
        activity.audit(
            AuditAction.ACCESS_REFUSED,
            organisation_id,
            user_id,
            subject_id,
            client_address(),
            **facts,
            **more,
        )
