"""Sentences for people from where no request is known: errors, and what is shown later."""

import json
from typing import Any


def N_(sentence: str) -> str:
    """Marks a sentence to be translated when it is shown, not where it stands."""
    return sentence


def store(sentence: str, **facts: Any) -> str:
    """A sentence with ``%(names)s`` in it, and what they stand for, as one text to be stored:
    stored_messages.render says it in the language of whoever reads it."""
    return json.dumps({"say": sentence, "with": facts}, ensure_ascii=False)


def store_plural(one: str, many: str, count: int, **facts: Any) -> str:
    """The same for a sentence about one or ``count`` things."""
    kept = {"say": one, "many": many, "count": count, "with": facts}
    return json.dumps(kept, ensure_ascii=False)


OUR_MISTAKE = N_(
    "Something went wrong on our side and has been noted. Try again, or contact support."
)


class UserError(Exception):
    """Something a person can mend; ``sentence`` says what happened and what to do, ``field`` which
    field of a form it is about, if it is about one."""

    status = 400

    def __init__(self, sentence: str, field: str = ""):
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class NotFoundError(UserError):
    """It does not exist, or belongs to another organisation or team: these look the same."""

    status = 404

    def __init__(self) -> None:
        super().__init__(N_("There is nothing here, or it is not shared with you."))
