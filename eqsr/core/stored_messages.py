"""Reading what messages.store has stored, in the language in force."""

import json
import re

from flask_babel import get_domain, gettext

from eqsr.core import formats

MARK = '{"say": '
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def render(stored: str) -> str:
    """Sentences that were kept, one a line, in the reader's language. A text without facts is a
    sentence itself, which the catalogue may know."""
    if MARK not in stored:
        return gettext(stored) if stored else ""
    return " ".join(_said(line) for line in stored.splitlines())


def _said(line: str) -> str:
    if not line.startswith(MARK):
        return gettext(line) if line else ""
    try:
        kept = json.loads(line)
        one, many, facts = kept["say"], kept.get("many"), kept["with"]
        words = get_domain().get_translations()
        text = words.ungettext(one, many, kept["count"]) if many else words.ugettext(one)
        # Not by "%": somebody's name may look like this, and must not ask for a million letters.
        return PLACEHOLDER.sub(lambda place: _written(facts[place[1]]), text)
    except (ValueError, KeyError, TypeError, AttributeError):
        return line


def _written(value: object) -> str:
    return formats.number(value) if isinstance(value, int) else str(value)
