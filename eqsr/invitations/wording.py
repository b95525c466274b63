"""The words of an invitation email: the standard ones, or an organisation's own for a job.

They are plain text with placeholders in braces. An empty line separates paragraphs. {link} has a
paragraph of its own and becomes the button, with the assessment's name and deadline.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from flask_babel import force_locale
from flask_babel import gettext as _

from eqsr.core.bidi import isolated

LINK = "{link}"
NAMED = re.compile(r"\{([^{}\n]*)\}")


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


def paragraphs(body: str) -> list[str]:
    """Split a body at empty lines."""
    return [part.strip() for part in re.split(r"\n\s*\n", body) if part.strip()]


def filled(words: Words, facts: Mapping[str, str]) -> Filled:
    """Fill in one candidate's facts (placeholder -> text).

    Without a first name, the greeting is a neutral one. Braces in a fact are not taken for
    placeholders.
    """

    def fill(text: str) -> str:
        return NAMED.sub(lambda found: isolated(str(facts.get(found[1], found[0]))), text)

    nameless = "{first_name}" in words.greeting and not facts.get("first_name")
    parts = paragraphs(words.body)
    place = parts.index(LINK)
    return Filled(
        fill(words.subject),
        _("Hello,") if nameless else fill(words.greeting),
        [fill(part) for part in parts[:place]],
        [fill(part) for part in parts[place + 1 :]],
    )
