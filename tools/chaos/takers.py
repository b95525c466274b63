"""Some invited people take the assessment from the link in their mail as soon as it arrives."""

import logging
import random
import re
import threading
import uuid
from dataclasses import dataclass

from eqsr.core.db import db
from eqsr.core.db_errors import is_database_trouble
from eqsr.core.messages import UserError
from eqsr.instruments.scoring import ItemResponse
from eqsr.invitations.link_holder import LinkEnded, invitation_of
from eqsr.sittings import answering, finishing, service
from tools.chaos.installation import Installation

log = logging.getLogger(__name__)

SHARE = 0.45
_LINK = re.compile(r"/take/(\S+)")


@dataclass(frozen=True)
class Finished:
    address: str
    title: str


class Takers(threading.Thread):
    """Reads the mail sink; ``finished`` holds the people who completed the assessment."""

    def __init__(self, here: Installation, seed: int) -> None:
        super().__init__(name="takers", daemon=True)
        self._here, self._seed = here, seed
        self._last_mail = 0
        self._unfinished: dict[str, tuple[str, str]] = {}
        self._stopping = threading.Event()
        self.finished: set[Finished] = set()
        self.turned_away: set[Finished] = set()
        self.errors: list[str] = []

    def run(self) -> None:
        while not self._stopping.wait(0.3):
            self.look()

    def stop(self) -> None:
        self._stopping.set()
        self.join()

    def look(self) -> None:
        """Read new mails, and retry the unfinished assessments."""
        for mail in self._here.box.get("mails", since=str(self._last_mail)):
            self._last_mail = mail["id"]
            address = mail["to"][0]
            link = _LINK.search(mail["text"])
            willing = random.Random(f"{self._seed} {address}").random() < SHARE
            if link and willing:
                self._unfinished[link[1]] = (address, mail["subject"].rsplit(": ", 1)[1])
        for token, who in list(self._unfinished.items()):
            self._take(token, Finished(*who))

    def _take(self, token: str, who: Finished) -> None:
        with self._here.app.app_context():
            try:
                take(invitation_of(token).id)
                self.finished.add(who)
            except (UserError, LinkEnded):  # withdrawn: the candidate was deleted
                self.turned_away.add(who)
            except Exception as error:
                if not is_database_trouble(error):
                    self.errors.append(f"{who.address}: {error!r}")
                    log.exception("taking failed")
                return  # the person tries again at the next look
            finally:
                db.session.remove()
        self._unfinished.pop(token)


def take(invitation: uuid.UUID) -> None:
    """Start, answer everything and finish. Raises UserError if that is not possible."""
    found = service.start(invitation)
    if found.sitting.finished_at is not None:
        return
    values = [option.value for option in found.instrument.options]
    answers = {
        item.number: ItemResponse(values[(item.number * 7) % len(values)], 1500 + 10 * item.number)
        for item in found.instrument.items
    }
    answering.answer(found.sitting.id, answers)
    finishing.finish(found.sitting.id)
