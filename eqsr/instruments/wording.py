"""What stood out in the answers, in the reader's language."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask_babel import gettext as _

from eqsr.core import formats
from eqsr.instruments.scoring import quality
from eqsr.instruments.tasks import careless, ferry, matrix, n_back, spotting, switching

ENGINES = (ferry, matrix, n_back, spotting, switching)


def quality_sentence(flag: Mapping[str, Any]) -> str:
    """The sentence of a stored flag. What is stored is English; a sign that is not known any more
    keeps the sentence that it had."""
    kept = flag["sentence"]
    for known in _known().get(flag["code"], ()):
        if known.format(value=flag["value"]) == kept:
            sentence: str = _(known)
            return sentence.format(value=_Written(flag["value"]))
    sentence = _(kept)
    return sentence


class _Written(float):
    """A number that a sentence writes as the reader's language does."""

    def __format__(self, form: str) -> str:
        """``form`` is one of LIMITS': ``.0%``, ``.1f``."""
        return formats.share(self) if form.endswith("%") else formats.number(self, int(form[1:-1]))


@cache
def _known() -> Mapping[str, set[str]]:
    """Sentences by code; a questionnaire and a game may say the same sign in other words."""
    found: dict[str, set[str]] = {}
    tables = (quality.LIMITS, careless.LIMITS, *(getattr(one, "LIMITS", ()) for one in ENGINES))
    for limit in (limit for table in tables for limit in table):
        found.setdefault(limit.code, set()).add(limit.sentence)
    return found
