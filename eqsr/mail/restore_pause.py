"""Hold all email back after a backup was restored, until an operator says what was sent since.

What the backup holds as unsent may have been sent after the backup was made. We can't know, and a
person must not get an email twice. So sending starts again only with ``resume``.
"""

import logging
from datetime import datetime

from sqlalchemy import delete, select

from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.inserts import insert_if_absent
from eqsr.mail.models import Mail, MailPause
from eqsr.outbox import retries, status
from eqsr.outbox.handlers import Reschedule
from eqsr.outbox.schedule import every

log = logging.getLogger(__name__)

# The reason of rescheduled work, by which it is found again.
WAITING_REASON = "waits until an operator has confirmed the restored backup"
# Seconds after which waiting work looks again in any case.
MAX_WAIT = 6 * 3600.0

# Rows of the table: the pause in force, when the restored backup was made, and what the operator
# said at the end of the pause.
_HELD, _BACKUP, _SENT_UNTIL = "restored", "backup", "sent_until"


def hold(made_at: datetime) -> None:
    """Begin the pause after restoring the backup of ``made_at``. Joins the transaction."""
    with transaction() as session:
        # The backup may be one of an installation that was itself restored.
        session.execute(delete(MailPause).where(MailPause.name.in_((_HELD, _BACKUP))))
        _insert(_HELD, now(), f"{made_at:%d %B %Y, %H:%M} UTC")
        _insert(_BACKUP, made_at, "")


def current() -> MailPause | None:
    """The pause in force, read afresh. ``said``: when the restored backup was made."""
    return _row(_HELD)


def backup_made_at() -> datetime | None:
    """When the backup was made that this installation was restored from; None if it never was."""
    backup = _row(_BACKUP)
    return backup.began_at if backup else None


def sent_until() -> datetime | None:
    """The moment until which emails count as sent, as an operator said; None if never said."""
    said = _row(_SENT_UNTIL)
    return said.began_at if said else None


def waiting() -> int:
    """Number of emails that wait for ``resume``."""
    return status.count_rescheduled(WAITING_REASON)


def counts_as_sent(mail: Mail) -> bool:
    """True if this email was sent before the backup was restored. Raises Reschedule in a pause."""
    if current() is not None:
        raise Reschedule(MAX_WAIT, WAITING_REASON)
    until = sent_until()
    return until is not None and mail.created_at <= until


def resume(until: datetime | None) -> bool:
    """End the pause; False if there is none.

    ``until``: emails that were queued before it count as sent, because another installation sent
    them after the backup was made. None: nothing was sent since then, so all of them go out.
    """
    with transaction() as session:
        if current() is None:
            return False
        session.execute(delete(MailPause).where(MailPause.name == _HELD))
        if until is not None:
            session.execute(delete(MailPause).where(MailPause.name == _SENT_UNTIL))
            _insert(_SENT_UNTIL, until, "")
        retries.make_due(WAITING_REASON)
    log.warning("sending goes on after a backup was restored")
    return True


@every(seconds=10)
def release_waiting() -> None:
    """Make work due that was rescheduled while the pause ended."""
    if current() is None:
        with transaction():
            retries.make_due(WAITING_REASON)


def _insert(name: str, began_at: datetime, said: str) -> None:
    insert_if_absent(
        MailPause, name=name, ours=True, said=said, tries=0, began_at=began_at, probe_at=began_at
    )


def _row(name: str) -> MailPause | None:
    query = select(MailPause).where(MailPause.name == name)
    return db.session.scalar(query.execution_options(populate_existing=True))
