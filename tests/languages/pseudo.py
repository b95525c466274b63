"""A Dutch in which every sentence of the catalogue is marked, so that what was never translated
stands out; and a reader of pages and mails who sees it."""

import json
import re
from dataclasses import fields, is_dataclass
from html.parser import HTMLParser
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask_babel import Domain

ROOT = Path(__file__).resolve().parents[2]
LANGUAGE = "nl"
# Letters that our fonts have and our sentences have not: a sentence, and what is put into one.
OPEN, CLOSE, HOLE, FILLED = "¡", "¦", "¿", "¬"
PAIRS = {OPEN: CLOSE, HOLE: FILLED}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def catalogue(folder: Path) -> Domain:
    """What ``babel.domain_instance`` has to be for the app to speak it."""
    path = folder / LANGUAGE / "LC_MESSAGES" / "messages.mo"
    path.parent.mkdir(parents=True)
    with (ROOT / "translations" / "messages.pot").open("rb") as file, path.open("wb") as compiled:
        write_mo(compiled, _marked_catalogue(read_po(file)))
    return Domain(str(folder))


def _marked_catalogue(messages: Catalog) -> Catalog:
    made = Catalog(locale=LANGUAGE)
    for message in messages:
        if message.id:
            several = isinstance(message.id, tuple)
            made.add(
                message.id, tuple(map(_marked, message.id)) if several else _marked(message.id)
            )
    return made


def _marked(sentence: str) -> str:
    holes = _PLACEHOLDER.sub(lambda found: HOLE + found[0] + FILLED, sentence)
    return OPEN + holes + CLOSE


def unmarked(text: str) -> list[str]:
    """What of a text no sentence of the catalogue says, piece by piece."""
    pieces, within = [""], []
    for letter in text:
        if letter in PAIRS:
            within.append(PAIRS[letter])
            pieces.append("")
        elif within and letter == within[-1]:
            within.pop()
            pieces.append("")
        elif not within or within[-1] == FILLED:
            pieces[-1] += letter
    return [piece for piece in pieces if piece.strip()]


# --- What is no sentence of ours -----------------------------------------------------------------


def _words_of_the_calendar() -> str:
    dutch = Locale.parse(LANGUAGE)
    names = [
        name.rstrip(".")
        for table in (dutch.months, dutch.days)
        for forms in table.values()
        for kept in forms.values()
        for name in kept.values()
    ]
    months = sorted(set(names), key=len, reverse=True)
    zones = ("CET", "CEST", "UTC", r"Midden-Europese \w+tijd", "gecoördineerde wereldtijd")
    passed = r"\d+ (?:secon\w+|minu\w+|uur|dag\w*|we\w+|maand\w*|jaar)(?: geleden)?"
    return "|".join((passed, *(rf"{name}\.?" for name in months), *zones))


DATA = re.compile(
    "|".join(
        (
            r"(?:https?://|mailto:)\S+",
            r"\{\w+\}",
            r"\S*/candidates/\S+",
            r"#\[CANDIDATE:\S+\]",
            r"[\w.+-]+@[\w.-]+",
            r"[A-Z]\w+(?:/[A-Z][\w .-]+)+",  # time zones
            r"\b[a-z]+_[a-z_]+\b",  # scopes
            r"\b[0-9a-f]{8}[0-9a-f-]*\b|\b[\w-]{22,}\b",  # ids, keys
            rf"\b(?:{_words_of_the_calendar()})\b",
        )
    )
)
_WORD = re.compile(r"[^\W\d_]{2,}")


def instrument_texts() -> frozenset[str]:
    """Whatever the instruments' own files say in this language."""
    found: set[str] = set()
    for path in (ROOT / "eqsr" / "instruments").rglob("*.json"):
        content = json.loads(path.read_text())
        _strings(content, found, spoken=path.name == f"{LANGUAGE}.json")
    return frozenset(found)


def _strings(value: object, found: set[str], spoken: bool) -> None:
    """Of a file in this language all strings; of another what stands under its code, and what
    names a source in whatever language it is."""
    if isinstance(value, str) and spoken:
        found.add(" ".join(value.split()))
    elif isinstance(value, list):
        for one in value:
            _strings(one, found, spoken)
    elif isinstance(value, dict):
        for key, one in value.items():
            _strings(one, found, spoken or key in (LANGUAGE, "source"))


class Reader:
    """``known``: names and the like. ``findings``: (where, what nobody can have translated)."""

    def __init__(self, known: tuple[str, ...]) -> None:
        self._texts = instrument_texts()
        names = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
        self._known = re.compile(rf"(?<!\w)(?:{names})(?!\w)")
        self._long = sorted((one for one in self._texts if len(one) > 3), key=len, reverse=True)
        self._read: set[str] = set()
        self.findings: dict[str, str] = {}

    def reads_page(self, where: str, page: str) -> None:
        for text in _Page(page).texts:
            self.reads(where, text)

    def reads_all(self, where: str, value: object, sentences: bool = False) -> None:
        """Every text in lists, dictionaries and dataclasses, however deep. ``sentences``: only
        those with a blank, as in dictionaries, where programs keep words of their own."""
        if isinstance(value, str):
            if " " in value or not sentences:
                self.reads(where, value)
        elif isinstance(value, dict):
            self.reads_all(where, list(value.values()), True)
        elif isinstance(value, (list, tuple)):
            for one in value:
                self.reads_all(where, one, sentences)
        elif is_dataclass(value):
            self.reads_all(where, [getattr(value, one.name) for one in fields(value)], sentences)

    def reads(self, where: str, text: str) -> None:
        text = " ".join(text.split())
        if text in self._read:
            return
        self._read.add(text)
        for piece in unmarked(text):
            if self._strange(piece.strip()):
                self.findings.setdefault(piece.strip(), where)

    def _strange(self, piece: str) -> bool:
        if piece in self._texts or not _WORD.search(piece):
            return False
        piece = self._known.sub(" ", DATA.sub(" ", piece))
        if not _WORD.search(piece):
            return False
        for text in self._long:
            if text in piece:
                piece = piece.replace(text, " ")
        return bool(_WORD.search(piece))


class _Page(HTMLParser):
    """``texts``: one a paragraph, a cell, a label; and what attributes say."""

    INLINE = frozenset(
        ("a", "abbr", "b", "bdi", "cite", "code", "em", "i", "small", "span", "strong", "time")
    )
    APART = frozenset(("small", "span"))
    VOID = frozenset(("area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"))
    SAID = ("title", "alt", "aria-label", "aria-description", "placeholder", "label", "summary")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = [""]
        self._silent: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        # Whatever says in which language it is written is meant to be so.
        elsewhere = tag != "html" and given.get("lang", LANGUAGE) != LANGUAGE
        if self._silent or elsewhere or tag in ("script", "style"):
            if tag not in self.VOID:
                self._silent.append(tag)
            return
        said = [given[name] for name in self.SAID if name in given]
        said += [
            value for name, value in given.items() if name.startswith("data-") and " " in value
        ]
        button = tag == "input" and given.get("type") in ("submit", "button")
        if button or given.get("name") == "description":
            said += [given.get("value", ""), given.get("content", "")]
        self._between(tag)
        self.texts[-1:-1] = said

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag in self._silent:
                while self._silent.pop() != tag:
                    pass
        else:
            self._between(tag)

    def _between(self, tag: str) -> None:
        if tag not in self.INLINE:
            self.texts.append("")
        elif tag in self.APART:
            self.texts[-1] += " "

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts[-1] += data
