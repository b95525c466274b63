"""While the mail server refuses us, or is away, all mails wait, and one at a time asks again.

Nobody is blamed and no try is counted: the work is put back under the reason WAITS, and is due at
once when a mail is taken again. Until then one of them at a time probes, with growing pauses.
"""

import logging
import re
import uuid
from datetime import timedelta

from sqlalchemy import delete, select, update

from eqsr.core.clock import now
from eqsr.core.db import db, insert_if_absent, transaction
from eqsr.mail.faults import Fault
from eqsr.mail.models import Mail, MailPause
from eqsr.mail.smtp import MailRefused, Unwelcome
from eqsr.outbox import service as outbox
from eqsr.outbox.handlers import Reschedule
from eqsr.outbox.schedule import every

log = logging.getLogger(__name__)

# The reason of work that is put back; by it the work is found again.
WAITING_REASON = "waits until the mail server takes our mail again"
# Work that nobody has made due again looks by itself after this time, in seconds.
MAX_WAIT = 6 * 3600.0
# A probe that is not back by then, because its worker died, is followed by another.
PROBE_LEASE = timedelta(minutes=2)
# Seconds before the first probe, and the longest pause: a server that refuses us needs somebody to
# mend something; one that is away or busy is often back in a moment.
FIRST_PAUSE = {True: 30.0, False: 4.0}
MAX_PAUSE = {True: 900.0, False: 300.0}
# A mail that has begun so many pauses, though others were taken between, is refused for itself.
MOST_REFUSALS = 3

_THE_SERVER = MailPause.name == "server"


def current() -> MailPause | None:
    query = select(MailPause).where(_THE_SERVER)
    return db.session.scalar(query.execution_options(populate_existing=True))


def waiting() -> int:
    """How many mails wait for the server."""
    return outbox.count_rescheduled(WAITING_REASON)


def standing(pause: MailPause) -> str:
    """What is wrong, for operators, in one sentence without its end."""
    since, number = f"{pause.began_at:%d %B, %H:%M} UTC", waiting()
    what = "refuses us" if pause.ours else "does not take mail"
    return f"{what} since {since}, so {number} emails wait: {pause.said.rstrip('. ')}"


def begin_try() -> bool:
    """Before a mail is handed over: may it be tried now? True when it is the probe of a pause.
    Raises Reschedule while another one is, or the time has not come."""
    pause = current()
    if pause is None:
        return False
    seen, moment = pause.probe_at, now()
    if seen <= moment:
        with transaction() as session:
            mine = update(MailPause).where(_THE_SERVER, MailPause.probe_at == seen)
            if session.execute(mine.values(probe_at=moment + PROBE_LEASE)).rowcount:
                return True
    raise Reschedule(MAX_WAIT, WAITING_REASON)


def refused(mail_id: uuid.UUID | None, answer: Unwelcome, probe: bool = False) -> None:
    """Note that the server wants none of our mail. ``mail_id``: the one that met it, of those that
    wait for a worker. Raises Refused where only this mail is met so."""
    with transaction() as session:
        began = _begin(answer, probe)
        if began and mail_id is not None:
            mail = session.get_one(Mail, mail_id, populate_existing=True, with_for_update=True)
            mail.refusals += 1
            if mail.refusals > MOST_REFUSALS:
                raise MailRefused(str(answer), Fault.CONTENT)
    if began:
        log.error("the mail server takes none of our mail, so all of it waits: %s", _said(answer))


def _begin(answer: Unwelcome, probe: bool) -> bool:
    """Begin a pause, or let the one there is go on; whether it began. What was on its way with the
    first makes it no longer, only a probe does. Joins the transaction."""
    moment = now()
    facts = {"ours": answer.ours, "said": _said(answer), "probe_at": moment, "began_at": moment}
    began = insert_if_absent(MailPause, name="server", tries=0, **facts)
    pause = db.session.scalar(
        select(MailPause)
        .where(_THE_SERVER)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if not (began or probe):
        return False
    pause.ours, pause.said = answer.ours, _said(answer)
    pause.probe_at = moment + timedelta(seconds=pause_seconds(pause.tries, answer.ours))
    pause.tries += 1
    return began


def _said(answer: Unwelcome) -> str:
    """Without addresses: it is shown to operators, to whom candidates are nobody's business."""
    return re.sub(r"[^\s<>]+@[^\s<>]+", "…", str(answer))


def pause_seconds(tries: int, ours: bool) -> float:
    """How long to wait after so many refusals before the next probe."""
    return min(MAX_PAUSE[ours], FIRST_PAUSE[ours] * 2.0 ** min(tries, 30))


def email_accepted() -> None:
    """The server took a mail: everything that waits is due. Joins the transaction."""
    with transaction() as session:
        if session.execute(delete(MailPause).where(_THE_SERVER)).rowcount:
            number = outbox.make_due(WAITING_REASON)
            log.warning("the mail server takes our mail again; %s that waited go out", number)


def answered() -> None:
    """The probe was refused or put off for itself, so the server talks to us: let another one try
    at once."""
    _probe_now()


def try_now() -> int:
    """A person asks for it: probe at once. How many mails wait."""
    number = waiting()
    _probe_now()
    return number


def _probe_now() -> None:
    with transaction() as session:
        session.execute(update(MailPause).where(_THE_SERVER).values(probe_at=now()))
        outbox.make_due(WAITING_REASON, at_most=1)


@every(seconds=10)
def look() -> None:
    """Let one mail probe when its time has come; and, should a pause have ended while somebody put
    work back, all of them go."""
    pause = current()
    if pause is None or pause.probe_at <= now():
        with transaction():
            outbox.make_due(WAITING_REASON, at_most=None if pause is None else 1)
