"""The words of an invitation email: the standard ones, or an organisation's own for a job.

They are plain text with placeholders in braces. An empty line separates paragraphs. {link} has a
paragraph of its own and becomes the button, with the assessment's name and deadline.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from flask_babel import force_locale
from flask_babel import gettext as _

from eqsr.core.messages import UserError

PLACEHOLDERS = ("first_name", "organisation", "job", "assessment", "minutes", "open_until", "link")
LINK = "{link}"
MAX_SUBJECT, MAX_GREETING, MAX_BODY = 150, 100, 4000

_NAMED = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True)
class Words:
    """Subject, greeting and body of an invitation email, with placeholders."""

    subject: str
    greeting: str
    body: str

    @property
    def stored(self) -> dict[str, str]:
        """The form in which Job.mail_words stores them."""
        return asdict(self)


@dataclass(frozen=True)
class Filled:
    """The words filled in for one candidate: paragraphs before and after the button."""

    subject: str
    greeting: str
    before: list[str]
    after: list[str]


def standard(language: str) -> Words:
    """The standard words, with their placeholders, in ``language``."""
    with force_locale(language):
        names = {"organisation": "{organisation}", "job": "{job}"}
        return Words(
            _("%(organisation)s invites you to an assessment: %(job)s", **names),
            _("Hello %(name)s,", name="{first_name}"),
            "\n\n".join(
                (
                    _(
                        "%(organisation)s invites you to an assessment. It is part of your "
                        "application for %(job)s.",
                        **names,
                    ),
                    LINK,
                    _(
                        "You can stop at any time and go on later, also on another device. The "
                        "link is yours alone: please do not pass it on."
                    ),
                )
            ),
        )


def of(mail_words: Mapping[str, str] | None, language: str) -> Words:
    """A job's own words (Job.mail_words) or, without them, the standard ones in ``language``."""
    return Words(**mail_words) if mail_words else standard(language)


def checked(subject: str, greeting: str, body: str) -> Words:
    """Tidy and check the words. Raises UserError for what is missing, too long or unusable."""
    subject, greeting = _tidy(subject), _tidy(greeting)
    lines = (_tidy(line) for line in body.replace("\x00", "").splitlines())
    body = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if not subject or len(subject) > MAX_SUBJECT:
        raise UserError("Give the mail a subject of at most 150 characters.", field="subject")
    if not greeting or len(greeting) > MAX_GREETING:
        raise UserError("Give the mail a greeting of at most 100 characters.", field="greeting")
    if len(body) > MAX_BODY:
        raise UserError("The text can have at most 4000 characters.", field="body")
    for field, text in (("subject", subject), ("greeting", greeting), ("body", body)):
        _check_placeholders(field, text)
    if LINK not in body:
        raise UserError("The text has no {link}, so nobody could start. Put it back.", field="body")
    if body.count(LINK) > 1 or LINK not in paragraphs(body):
        raise UserError(
            "Put {link} once, in a paragraph of its own: it becomes the button.", field="body"
        )
    return Words(subject, greeting, body)


def _check_placeholders(field: str, text: str) -> None:
    for name in _NAMED.findall(text):
        if name not in PLACEHOLDERS:
            raise UserError(
                _(
                    "%(word)s is not one of the words that are filled in. Check its spelling.",
                    word=f"{{{name}}}",
                ),
                field=field,
            )
    if field != "body" and LINK in text:
        raise UserError(
            "Put {link} into the text, not into the subject or the greeting.", field=field
        )


def _tidy(line: str) -> str:
    """Collapse spaces; keep non-breaking ones, which French sets before a colon."""
    return re.sub(r"[^\S\u00a0\u202f]+", " ", line).strip()


def paragraphs(body: str) -> list[str]:
    """Split a body at empty lines."""
    return [part.strip() for part in re.split(r"\n\s*\n", body) if part.strip()]


def filled(words: Words, facts: Mapping[str, str]) -> Filled:
    """Fill in one candidate's facts (placeholder -> text).

    Without a first name, the greeting is a neutral one. Braces in a fact are not taken for
    placeholders.
    """

    def fill(text: str) -> str:
        return _NAMED.sub(lambda found: str(facts.get(found[1], found[0])), text)

    nameless = "{first_name}" in words.greeting and not facts.get("first_name")
    parts = paragraphs(words.body)
    place = parts.index(LINK)
    return Filled(
        fill(words.subject),
        _("Hello,") if nameless else fill(words.greeting),
        [fill(part) for part in parts[:place]],
        [fill(part) for part in parts[place + 1 :]],
    )
