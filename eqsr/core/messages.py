"""Translatable sentences made outside a request: errors, and messages stored to be shown later."""

import json
from typing import Any


def N_(sentence: str) -> str:
    """Mark a sentence for translation when it is shown, not where it is defined."""
    return sentence


def store(sentence: str, **facts: Any) -> str:
    """Encode a sentence with ``%(name)s`` placeholders and their values as one text to store.

    ``stored_messages.render`` turns it into a sentence in the reader's language.
    """
    return json.dumps({"say": sentence, "with": facts}, ensure_ascii=False)


def store_plural(one: str, many: str, count: int, **facts: Any) -> str:
    """Like ``store``, for a sentence whose wording depends on ``count``."""
    message = {"say": one, "many": many, "count": count, "with": facts}
    return json.dumps(message, ensure_ascii=False)


OUR_MISTAKE = N_(
    "Something went wrong on our side and has been noted. Try again, or contact support."
)


class UserError(Exception):
    """An error that the user can correct.

    ``sentence`` says what happened and what to do; ``field`` names the form field it is about, or
    is empty.
    """

    status = 400

    def __init__(self, sentence: str, field: str = ""):
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class NotFoundError(UserError):
    """Answered with 404: the object does not exist, or this user may not know that it does."""

    status = 404

    def __init__(self) -> None:
        super().__init__(N_("There is nothing here, or it is not shared with you."))
