"""Sentences for people from where no request is known: errors, and what is shown later."""


def N_(sentence: str) -> str:
    """Marks a sentence to be translated when it is shown, not where it stands."""
    return sentence


class PlainError(Exception):
    """Something a person can mend; ``sentence`` says what happened and what to do."""

    status = 400

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.sentence = sentence


class NotYours(PlainError):
    """It does not exist, or belongs to another organisation or team: these look the same."""

    status = 404

    def __init__(self) -> None:
        super().__init__(N_("There is nothing here, or it is not shared with you."))
