"""Pause all sending while the mail server refuses us or is unreachable.

No address is blamed and no attempt is counted. The work is rescheduled with the reason
WAITING_REASON and becomes due as soon as the server accepts an email again. Until then, one email
at a time is sent as a probe, with growing pauses.
"""

import logging
import re
import uuid
from datetime import timedelta

from sqlalchemy import delete, select, update

from eqsr.core.clock import now
from eqsr.core.db import db, row_count, transaction
from eqsr.core.inserts import insert_if_absent
from eqsr.mail.faults import Fault
from eqsr.mail.models import Mail, MailPause
from eqsr.mail.smtp_errors import MailRefused, Unwelcome
from eqsr.outbox import retries
from eqsr.outbox.handlers import Reschedule

log = logging.getLogger(__name__)
# The reason of rescheduled work, by which it is found again.
WAITING_REASON = "waits until the mail server takes our mail again"
# Seconds after which waiting work is tried again in any case.
MAX_WAIT = 6 * 3600.0
# Time after which another probe starts if this one has no result, because its worker died.
PROBE_LEASE = timedelta(minutes=2)
# Seconds until the first probe, and the longest pause between probes, by ``ours``. A server that
# refuses us needs a correction by a person; one that is unreachable or busy often recovers soon.
FIRST_PAUSE = {True: 30.0, False: 4.0}
MAX_PAUSE = {True: 900.0, False: 300.0}
# An email that started more pauses than this, while others were accepted, is itself the reason.
MAX_REFUSALS = 3
THE_SERVER = MailPause.name == "server"


def current() -> MailPause | None:
    """The pause in force, read afresh; None if the mail server accepts our email."""
    query = select(MailPause).where(THE_SERVER)
    return db.session.scalar(query.execution_options(populate_existing=True))


def begin_try() -> bool:
    """Ask for permission to send one email now; True if it is the probe of a pause.

    Raises Reschedule during a pause, if the next probe is not due or another email is the probe.
    """
    pause = current()
    if pause is None:
        return False
    seen, moment = pause.probe_at, now()
    if seen <= moment:
        with transaction() as session:
            mine = update(MailPause).where(THE_SERVER, MailPause.probe_at == seen)
            if row_count(session.execute(mine.values(probe_at=moment + PROBE_LEASE))):
                return True
    raise Reschedule(MAX_WAIT, WAITING_REASON)


def refused(mail_id: uuid.UUID | None, answer: Unwelcome, probe: bool = False) -> None:
    """Record that the server accepts none of our email, and start a pause or extend it.

    ``mail_id``: the email that was refused, if a worker sent it. ``probe``: it was the probe.
    Raises MailRefused if it was this email that started too many pauses.
    """
    with transaction() as session:
        began = _begin(answer, probe)
        if began and mail_id is not None:
            mail = session.get_one(Mail, mail_id, populate_existing=True, with_for_update=True)
            mail.refusals += 1
            if mail.refusals > MAX_REFUSALS:
                raise MailRefused(str(answer), Fault.CONTENT)
    if began:
        log.error("the mail server takes none of our mail, so all of it waits: %s", _said(answer))


def _begin(answer: Unwelcome, probe: bool) -> bool:
    """Start a pause, or extend the current one; True if it started now.

    Only a probe extends a pause, not emails that were sent at the same time as the first. Joins
    the current transaction.
    """
    moment = now()
    facts = {"ours": answer.ours, "said": _said(answer), "probe_at": moment, "began_at": moment}
    began = insert_if_absent(MailPause, name="server", tries=0, **facts)
    pause = db.session.scalar(
        select(MailPause)
        .where(THE_SERVER)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if pause is None or not (began or probe):
        return False
    pause.ours, pause.said = answer.ours, _said(answer)
    pause.probe_at = moment + timedelta(seconds=pause_seconds(pause.tries, answer.ours))
    pause.tries += 1
    return began


def _said(answer: Unwelcome) -> str:
    """The server's answer without addresses, because operators must not see candidates' data."""
    return re.sub(r"[^\s<>]+@[^\s<>]+", "…", str(answer))


def pause_seconds(tries: int, ours: bool) -> float:
    """Seconds until the next probe after this many refusals; doubles each time up to MAX_PAUSE."""
    return min(MAX_PAUSE[ours], FIRST_PAUSE[ours] * 2.0 ** min(tries, 30))


def email_accepted() -> None:
    """End the pause after an email was accepted, and make all waiting work due.

    Joins the current transaction.
    """
    with transaction() as session:
        if row_count(session.execute(delete(MailPause).where(THE_SERVER))):
            number = retries.make_due(WAITING_REASON)
            log.warning("the mail server takes our mail again; %s that waited go out", number)
