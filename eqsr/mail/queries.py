"""Find emails: of a subject, unsent ones, and how many were given up."""

import uuid
from collections.abc import Collection, Iterable
from datetime import timedelta

from sqlalchemy import Select, func, select

from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.mail.models import Mail, MailState
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.status import dead_about


def latest_of(subject_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Mail]:
    """The latest email about each of these subjects."""
    query = select(Mail).where(Mail.subject_id.in_(subject_ids)).order_by(Mail.created_at)
    return {mail.subject_id: mail for mail in db.session.scalars(query)}


def any_queued(mails: Iterable[Mail]) -> bool:
    """True if any of these emails was not sent yet."""
    return any(mail.state is MailState.QUEUED for mail in mails)


def queued_within(span: timedelta, subject_id: uuid.UUID, kind: WorkKind | None = None) -> bool:
    """True if an email about this subject (and of this kind) was queued in the last ``span``."""
    query = select(Mail.id).where(Mail.subject_id == subject_id, Mail.created_at > now() - span)
    return db.session.scalar(query.where(Mail.kind == kind) if kind else query) is not None


def addressed(subject_id: uuid.UUID, address: str) -> bool:
    """True if there is an email about this subject to this address, in any state."""
    query = select(Mail.id).where(Mail.subject_id == subject_id)
    query = query.where(func.lower(Mail.to_address) == address.lower())
    return db.session.scalar(query.limit(1)) is not None


def unsent_about() -> Select[uuid.UUID]:
    """Select the subjects of all emails that were not sent yet."""
    return select(Mail.subject_id).where(Mail.state == MailState.QUEUED)


def given_up() -> int:
    """Number of emails whose work is dead."""
    return dead_about(select(Mail.id))
