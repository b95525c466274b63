"""Show messages that ``messages.store`` encoded, in the reader's language."""

import json
import re

from flask_babel import get_domain, gettext

from eqsr.core import formats

MARK = '{"say": '
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def render(stored: str) -> str:
    """Translate stored sentences, one per line, and fill in their values.

    A line that ``messages.store`` did not make is looked up in the catalogue as it is.
    """
    if MARK not in stored:
        return gettext(stored) if stored else ""
    return " ".join(_render_line(line) for line in stored.splitlines())


def _render_line(line: str) -> str:
    if not line.startswith(MARK):
        return gettext(line) if line else ""
    try:
        message = json.loads(line)
        one, many, facts = message["say"], message.get("many"), message["with"]
        words = get_domain().get_translations()
        text = words.ungettext(one, many, message["count"]) if many else words.ugettext(one)
        # Not with "%": a sentence from outside such as "%(name)1000000s" would fill the memory.
        return PLACEHOLDER.sub(lambda place: _formatted(facts[place[1]]), text)
    except (ValueError, KeyError, TypeError, AttributeError):
        return line


def _formatted(value: object) -> str:
    return formats.number(value) if isinstance(value, int) else str(value)
