"""Reading what plain.keep has stored, in the language in force."""

import json

from flask_babel import gettext, ngettext

from eqsr import formats

KEPT = '{"say": '


def said(stored: str) -> str:
    """Sentences that were kept, one a line, in the reader's language. A text without facts is a
    sentence itself, which the catalogue may know."""
    if KEPT not in stored:
        return gettext(stored) if stored else ""
    return " ".join(_said(line) for line in stored.splitlines())


def _said(line: str) -> str:
    if not line.startswith(KEPT):
        return gettext(line) if line else ""
    kept = json.loads(line)
    one, many = kept["say"], kept.get("many")
    facts = {name: _written(value) for name, value in kept["with"].items()}
    return ngettext(one, many, kept["count"], **facts) if many else gettext(one, **facts)


def _written(value: object) -> str:
    return formats.number(value) if isinstance(value, int) else str(value)
