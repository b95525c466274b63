"""Probe whether the mail server accepts our email again, while all sending is paused."""

from sqlalchemy import update

from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.mail.models import MailPause
from eqsr.mail.server_pause import THE_SERVER, WAITING_REASON, current
from eqsr.outbox import retries, status
from eqsr.outbox.schedule import every


def waiting() -> int:
    """Number of emails that wait for the mail server."""
    return status.count_rescheduled(WAITING_REASON)


def description(pause: MailPause) -> str:
    """Describe the pause for operators, as a sentence without its full stop."""
    since, number = f"{pause.began_at:%d %B, %H:%M} UTC", waiting()
    what = "refuses us" if pause.ours else "does not take mail"
    return f"{what} since {since}, so {number} emails wait: {pause.said.rstrip('. ')}"


def answered() -> None:
    """Send the next probe at once, because the last one failed only for a reason of its own."""
    _probe_now()


def try_now() -> int:
    """Probe at once, because a person asked for it; returns how many emails wait."""
    number = waiting()
    _probe_now()
    return number


def _probe_now() -> None:
    with transaction() as session:
        session.execute(update(MailPause).where(THE_SERVER).values(probe_at=now()))
        retries.make_due(WAITING_REASON, at_most=1)


@every(seconds=10)
def release_waiting() -> None:
    """Make one waiting email due as a probe when it is time; without a pause, make all due.

    The latter is for work that was rescheduled while the pause ended.
    """
    pause = current()
    if pause is None or pause.probe_at <= now():
        with transaction():
            retries.make_due(WAITING_REASON, at_most=None if pause is None else 1)
