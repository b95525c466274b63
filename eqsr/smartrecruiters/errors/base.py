"""What every failed call to SmartRecruiters tells, sorted by who can correct it."""

from typing import Literal, TypedDict

Fault = Literal["ours", "connection", "theirs"]


class Call(TypedDict, total=False):
    """The arguments that every error takes: facts about the failed call."""

    endpoint: str
    status: int | None
    codes: tuple[str, ...]


class SmartRecruitersError(Exception):
    """Any failed call to SmartRecruiters."""

    fault: Fault = "theirs"
    retryable: bool = False
    code: str = "failed"
    outcome_unknown: bool = False
    sentence: str

    @property
    def worth_retrying(self) -> bool:
        """True if the work should be retried with growing pauses."""
        return self.retryable

    def __init__(
        self, *, endpoint: str = "", status: int | None = None, codes: tuple[str, ...] = ()
    ) -> None:
        super().__init__()
        self.endpoint = endpoint
        self.status = status
        self.codes = codes

    def __str__(self) -> str:
        facts = [self.code, self.endpoint, str(self.status or "no answer"), *self.codes]
        return " ".join(fact for fact in facts if fact)
