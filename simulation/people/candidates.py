"""Candidates: what becomes of the link in a mail, and scanners that open links before people."""

import random
import re
from typing import TYPE_CHECKING

from simulation.books import Books, PersonBook
from simulation.mail_server import Letter
from simulation.network import NoAnswer
from simulation.people.browser import Browser
from simulation.product import setup, verbs

if TYPE_CHECKING:
    from simulation.world import Run

# The form of the offer to use an earlier result.
REUSE = "/reuse"
LINK = re.compile(r"/take/([\w-]+)")
# Seconds after which a person tries again that could not reach the page, and how often.
AGAIN, TRIES = 120.0, 40


class Candidates:
    """Everybody who reads mail."""

    def __init__(self, run: "Run", books: Books, seed: int) -> None:
        self._run, self._books, self._seed = run, books, seed
        self._by_address: dict[str, PersonBook] = {}
        self._read = 0

    def read_mail(self) -> None:
        """Give each new mail to its reader."""
        letters = self._run.mail.letters
        while self._read < len(letters):
            letter = letters[self._read]
            self._read += 1
            book = self._reader(letter.to)
            found = LINK.search(letter.text)
            if book is not None and found and self._run.mail.arrived(letter):
                self._begin(book, letter, found[1])

    def _reader(self, address: str) -> PersonBook | None:
        for book in self._books.people.values():
            if address.lower() in book.ever():
                return book
        return None

    def _begin(self, book: PersonBook, letter: Letter, token: str) -> None:
        temper = book.person.temper
        chance = random.Random(f"{self._seed} {letter.to} {letter.number}")
        spawn = self._run.scheduler.spawn
        if temper in ("scanner", "two devices"):
            spawn("scanner", lambda: self._scan(token, letter), None, chance.uniform(1, 20))
        if temper not in ("never", "scanner"):
            wait = 5.0 if temper == "slowly" else chance.choice((5.0, 60.0, 600.0, 3000.0))
            spawn(
                f"candidate {book.name}",
                lambda: self._take(book, token, letter, chance),
                None,
                wait,
            )

    def _scan(self, token: str, letter: Letter) -> None:
        """A scanner fetches the link, without being a person."""
        try:
            Browser(self._run.network, "scanner").get(f"/take/{token}", agent="Barracuda")
        except NoAnswer:
            return

    def _take(self, book: PersonBook, token: str, letter: Letter, chance: random.Random) -> None:
        title = letter.subject.rsplit(": ", 1)[-1].rsplit(" for ", 1)[-1]
        log = self._run.log
        for _ in range(TRIES):
            try:
                answer = Browser(self._run.network, "candidate").get(f"/take/{token}")
                if answer.status >= 500:
                    raise NoAnswer(f"{answer.status}")
                book.opened.append(self._run.clock.elapsed)
                if answer.status != 200:
                    self._turned_away(book, letter, title, f"meets {answer.status}")
                    return
                if REUSE in answer.text and self._agree(book, letter, title, token):
                    return
                if self._gives_part(book, title, token, chance):
                    return
                self._verb(token, 1.0, chance)
                book.finished.setdefault(title, self._run.clock.elapsed)
                log.add("person", f"{book.name} has finished {title}", address=letter.to)
                return
            except verbs.TurnedAway as refusal:
                self._turned_away(book, letter, title, f"is turned away: {refusal}")
                return
            except (NoAnswer, OSError):
                pass
            except Exception as error:
                if not setup.is_trouble(error):
                    raise
            self._run.scheduler.sleep(AGAIN)

    def _gives_part(self, book: PersonBook, title: str, token: str, chance: random.Random) -> bool:
        """Open, start or answer a part; True if that is all that this person does now."""
        temper = book.person.temper
        Browser(self._run.network, "candidate").post(f"/take/{token}/opened")
        if temper == "opens":
            return True
        if temper in ("starts", "comes back") and len(book.opened) == 1:
            self._start(book, title, token, 0.0 if temper == "starts" else 0.3, chance)
            return True
        if temper in ("two devices", "stops", "slowly"):
            self._start(book, title, token, 0.3, chance)
            pause = 900.0 if temper == "slowly" else chance.choice((1.0, 60.0, 900.0))
            self._run.scheduler.sleep(pause)
        return temper in ("stops", "starts")

    def _start(
        self, book: PersonBook, title: str, token: str, share: float, chance: random.Random
    ) -> None:
        # What we do not hear of may be stored all the same.
        book.started.setdefault(title, self._run.clock.elapsed)
        self._verb(token, share, chance)
        if share:
            book.answered.setdefault(title, self._run.clock.elapsed)

    def _turned_away(self, book: PersonBook, letter: Letter, title: str, said: str) -> None:
        self._run.log.add("person", f"{book.name} {said}", address=letter.to)
        book.turned_away.append((self._run.clock.elapsed, title, letter.at, said))

    def _agree(self, book: PersonBook, letter: Letter, title: str, token: str) -> bool:
        """Agree to use an earlier result, as most do whom the page asks."""
        if letter.number % 4 == 0:
            return False
        browser = Browser(self._run.network, "candidate")
        answer = browser.post(f"/take/{token}/reuse", page=f"/take/{token}")
        if answer.status >= 500:
            raise NoAnswer(f"{answer.status}")
        book.agreed[title] = self._run.clock.elapsed
        book.finished.setdefault(title, self._run.clock.elapsed)
        self._run.log.add("person", f"{book.name} uses the earlier result", address=letter.to)
        return True

    def _verb(self, token: str, share: float, chance: random.Random) -> None:
        self._run.verb(None, "answers", lambda: verbs.take_answers(token, share, chance))
