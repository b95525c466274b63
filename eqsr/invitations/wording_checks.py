"""Checking the words that an organisation gave an invitation email."""

import re

from flask_babel import gettext as _

from eqsr.core.messages import UserError
from eqsr.invitations.wording import LINK, NAMED, Words, paragraphs

# Most characters of each part.
MAX_SUBJECT, MAX_GREETING, MAX_BODY = 150, 100, 4000
PLACEHOLDERS = ("first_name", "organisation", "job", "assessment", "minutes", "open_until", "link")


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
    for name in NAMED.findall(text):
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
