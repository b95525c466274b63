"""Sentences about the quality of answers, in the reader's language."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask_babel import gettext as _

from eqsr.core import formats
from eqsr.instruments.scoring import careless_answers
from eqsr.instruments.tasks import careless
from eqsr.instruments.tasks.engines import ENGINES


def quality_sentence(flag: Mapping[str, Any]) -> str:
    """Translate the sentence of a stored flag, which is in English.

    If no limit has that sentence any more, the sentence is looked up as it was stored.
    """
    stored = flag["sentence"]
    for known in _known().get(flag["code"], ()):
        if known.format(value=flag["value"]) == stored:
            sentence: str = _(known)
            return sentence.format(value=_Written(flag["value"]))
    sentence = _(stored)
    return sentence


class _Written(float):
    """A number that formats itself as the reader's language does."""

    def __format__(self, form: str) -> str:
        """``form`` is a format of LIMITS: ``.0%`` or ``.1f``."""
        return formats.share(self) if form.endswith("%") else formats.number(self, int(form[1:-1]))


@cache
def _known() -> Mapping[str, set[str]]:
    """Code -> sentences; questionnaires and games may word the same code differently."""
    found: dict[str, set[str]] = {}
    tables = (
        careless_answers.LIMITS,
        careless.LIMITS,
        *(getattr(one, "LIMITS", ()) for one in ENGINES.values()),
    )
    for limit in (limit for table in tables for limit in table):
        found.setdefault(limit.code, set()).add(limit.sentence)
    return found
