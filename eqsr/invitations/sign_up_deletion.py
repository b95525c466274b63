"""Deleting sign-ups by open links, and the addresses in their emails."""

import uuid
from collections.abc import Sequence

from sqlalchemy import delete, select, update

from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations.models import SignUp
from eqsr.mail import service as mail
from eqsr.mail.models import Mail
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Work


def delete_expired(size: int = 500) -> int:
    """Delete up to ``size`` expired sign-ups and the addresses in their emails; return how many."""
    with transaction() as session:
        due = select(SignUp.id).where(SignUp.expires_at <= now()).order_by(SignUp.expires_at)
        ids = session.scalars(due.limit(size)).all()
        _delete(ids)
        return len(ids)


def delete_of(invitation_ids: list[uuid.UUID]) -> None:
    """Delete the sign-ups that led to these invitations. Joins the transaction."""
    theirs = select(SignUp.id).where(SignUp.invitation_id.in_(invitation_ids))
    _delete(db.session.scalars(theirs).all())


def _delete(ids: Sequence[uuid.UUID]) -> None:
    session = db.session()
    for sign_up_id in ids:
        mail.cancel_queued(sign_up_id)
    theirs = Mail.subject_id.in_(ids) & (Mail.kind == WorkKind.SIGN_UP_MAIL)
    mails = session.scalars(select(Mail.id).where(theirs)).all()
    session.execute(update(Work).where(Work.subject_id.in_(mails)).values(last_error=None))
    session.execute(update(Mail).where(theirs).values(to_address="", problem=None))
    session.execute(delete(SignUp).where(SignUp.id.in_(ids)))
