"""The mail server, in the place of ``smtplib``'s sessions, with every answer a server may give."""

import random
import smtplib
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import Any

from simulation.came_back import WAITS, CameBack
from simulation.log import Log
from simulation.scheduler import Scheduler

KINDS = (
    "refuses us",
    "overloaded",
    "away",
    "hangs",
    "drops before 250",
    "drops after 250",
    "login",
    "slow",
)


@dataclass(frozen=True)
class Letter:
    """An accepted mail."""

    number: int
    at: float
    to: str
    message_id: str
    subject: str
    text: str
    html: str


@dataclass
class MailFault:
    """A fault of the whole server for a while; ``share``: of the sessions it strikes."""

    kind: str
    share: float = 1.0


class MailServer:
    """``letters``: all mails accepted. ``mailboxes``: what some addresses answer.

    A mailbox is ``gone`` (5.1.1), ``full`` (4.2.2), ``greylists`` (451 until it is tried again
    after five minutes) or ``later`` (451 always). What is accepted for one that ``bounces`` comes
    back later; from one that ``returns`` only the first mail, because the sender is to blame.
    """

    def __init__(self, scheduler: Scheduler, log: Log, chance: random.Random) -> None:
        self.scheduler, self.log, self._chance = scheduler, log, chance
        self.letters: list[Letter] = []
        self.faults: list[MailFault] = []
        self.mailboxes: dict[str, str] = {}
        self.refused: dict[str, str] = {}
        self.struck: Counter[str] = Counter()
        self.dropped_after_250: set[str] = set()
        self.first_tries: dict[str, float] = {}
        self.came_back = CameBack(scheduler)

    def install(self) -> None:
        """Let ``smtplib`` talk to this server."""
        server = self

        class Session(_Session):
            def __init__(self, *_: Any, **__: Any) -> None:
                super().__init__(server)

        smtplib.SMTP = Session  # type: ignore[assignment, misc]
        smtplib.SMTP_SSL = Session  # type: ignore[assignment, misc]

    def fault(self, *kinds: str) -> str:
        """The kind of fault that strikes now, or ''."""
        for fault in self.faults:
            if fault.kind in kinds and (fault.share >= 1 or self._chance.random() < fault.share):
                self.struck[f"mail {fault.kind}"] += 1
                return fault.kind
        return ""

    def answer_to(self, address: str) -> tuple[int, bytes]:
        """What the recipient's mailbox says."""
        now = self.scheduler.clock.elapsed
        first = self.first_tries.setdefault(address, now)
        kind = self.mailboxes.get(address, "")
        if kind == "gone":
            self.struck["mail recipient gone"] += 1
            self.refused[address] = "gone"
            return 550, b"5.1.1 No such mailbox"
        if kind == "full" or kind == "later" or (kind == "greylists" and now - first < 300):
            self.struck[f"mail recipient {kind}"] += 1
            return 451, b"4.2.2 Try again later"
        return 250, b"OK"

    def accept(self, to: str, wire: bytes) -> int:
        """Keep a message."""
        message = message_from_bytes(wire, policy=policy.default)
        letter = Letter(
            len(self.letters) + 1,
            self.scheduler.clock.elapsed,
            to,
            str(message["Message-ID"] or "").strip(),
            str(message["Subject"] or ""),
            _part(message, "plain"),
            _part(message, "html"),
        )
        self.letters.append(letter)
        self.scheduler.notify("letters")
        self.log.add("mail", f"accepted for {to}: {letter.subject}", address=to)
        kind = self.mailboxes.get(to, "")
        if kind == "bounces" or (kind == "returns" and len(self.to(to)) == 1):
            wait = self._chance.choice(WAITS)
            self.scheduler.spawn(
                "a mail comes back", lambda: self._send_back(kind, letter), None, wait
            )
        return letter.number

    def _send_back(self, kind: str, letter: Letter) -> None:
        self.struck[f"mail {kind}"] += 1
        if kind == "bounces":
            self.refused[letter.to.lower()] = "came back"
        else:
            # It is sent again under the same Message-ID, as after a lost 250.
            self.dropped_after_250.add(letter.to.lower())
        self.came_back.receive(kind, letter.message_id, letter.to)
        self.log.add("mail", f"came back from {letter.to} ({kind})", address=letter.to)

    def arrived(self, letter: Letter) -> bool:
        """Whether a person can read this mail: it did not come back."""
        kind = self.mailboxes.get(letter.to, "")
        first = next(one for one in self.letters if one.to == letter.to)
        return not (kind == "bounces" or (kind == "returns" and first is letter))

    def to(self, address: str) -> list[Letter]:
        """The mails to this address, oldest first."""
        return [letter for letter in self.letters if letter.to.lower() == address.lower()]


def _part(message: Any, kind: str) -> str:
    part = message.get_body((kind,))
    return part.get_content() if part is not None else ""


class _Session:
    """One SMTP session, as far as eqsr uses ``smtplib``."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self.command_encoding = "ascii"
        self._to = ""
        seam = server.scheduler.seam
        seam()
        kind = server.fault("away", "hangs", "overloaded")
        if kind == "away":
            server.log.add("mail", "the mail server refuses connections")
            raise ConnectionRefusedError("refused")
        if kind == "hangs":
            server.log.add("mail", "the mail server hangs")
            server.scheduler.sleep(30)
            raise TimeoutError("timed out")
        if kind == "overloaded":
            raise smtplib.SMTPConnectError(421, b"4.3.2 Too many connections")

    def ehlo_or_helo_if_needed(self) -> None:
        """Nothing to do: there is no wire."""

    def starttls(self, **_: Any) -> None:
        """Nothing to do."""

    def has_extn(self, name: str) -> bool:
        """Which extensions the server has."""
        return name in ("smtputf8", "8bitmime")

    def login(self, user: str, password: str) -> None:
        """Refuse the login during that fault."""
        if self._server.fault("login"):
            raise smtplib.SMTPAuthenticationError(535, b"5.7.8 Authentication failed")

    def noop(self) -> tuple[int, bytes]:
        """Answer."""
        return 250, b"OK"

    def mail(self, sender: str, options: Any = ()) -> tuple[int, bytes]:
        """Accept the sender, or refuse us."""
        if self._server.fault("refuses us"):
            self._server.log.add("mail", "the mail server refuses us")
            return 550, b"5.7.1 Sender domain not verified"
        return 250, b"OK"

    def rcpt(self, recipient: str, options: Any = ()) -> tuple[int, bytes]:
        """Answer for the recipient."""
        self._to = recipient
        code, said = self._server.answer_to(recipient)
        if code != 250:
            self._server.log.add("mail", f"{code} {said.decode()} for {recipient}")
        return code, said

    def data(self, message: bytes) -> tuple[int, bytes]:
        """Take the message; the two faults around 250 strike here."""
        server = self._server
        if server.fault("drops before 250"):
            server.log.add("mail", f"dropped before 250 for {self._to}")
            raise smtplib.SMTPServerDisconnected("dropped")
        if server.fault("slow"):
            server.scheduler.sleep(20)
        number = server.accept(self._to, message)
        if server.fault("drops after 250"):
            # The server took the message, but the client never reads the 250.
            server.dropped_after_250.add(self._to.lower())
            server.log.add("mail", f"taken, but the 250 was lost for {self._to}")
            raise smtplib.SMTPServerDisconnected("dropped")
        server.scheduler.seam()
        return 250, f"OK queued as {number}".encode()

    def quit(self) -> None:
        """End the session."""

    def close(self) -> None:
        """End the session."""
