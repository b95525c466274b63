"""The one kind of error whose text is meant for a person."""


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
        super().__init__("There is nothing here, or it is not shared with you.")
