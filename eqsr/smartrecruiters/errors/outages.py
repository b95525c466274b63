"""SmartRecruiters asks to wait, does not answer, or answers what nobody understands."""

from typing import Unpack

from eqsr.core.messages import N_
from eqsr.smartrecruiters.errors.base import Call, SmartRecruitersError


class Throttled(SmartRecruitersError):
    """A rate limit is reached: SmartRecruiters' (``status`` 429) or our own (``status`` None).

    ``retry_after``: seconds until a retry makes sense, always above 0.
    """

    retryable = True
    code = "throttled"
    sentence = N_(
        "SmartRecruiters limits how fast we may ask, and that limit is reached: try again "
        "in a few seconds."
    )

    def __init__(self, retry_after: float, **call: Unpack[Call]) -> None:
        super().__init__(**call)
        self.retry_after = retry_after


class Unavailable(SmartRecruitersError):
    """No usable answer: 5xx, timeout, lost connection, no connection, unknown host, TLS error.

    ``reason`` is ``status``, ``timeout``, ``cut``, ``no_connection`` or ``tls``. ``no_answer``
    tells the outbox that the circuit breaker may park the work.
    """

    retryable = True
    no_answer = True
    code = "unavailable"
    sentence = N_("SmartRecruiters does not answer at the moment: wait a minute and try again.")

    def __init__(self, reason: str, *, outcome_unknown: bool = False, **call: Unpack[Call]) -> None:
        super().__init__(**call)
        self.reason = reason
        self.outcome_unknown = outcome_unknown

    def __str__(self) -> str:
        return f"{super().__str__()} ({self.reason})"


class UnexpectedAnswer(SmartRecruitersError):
    """An answer that SmartRecruiters does not document: not JSON, wrong shape, too large, 3xx.

    ``problem`` says what is wrong, without quoting the answer.
    """

    retryable = True
    code = "unexpected_answer"
    sentence = N_(
        "SmartRecruiters gave an answer that we do not understand: wait a minute and try "
        "again, and contact support if it keeps happening."
    )

    def __init__(
        self, problem: str, *, outcome_unknown: bool = False, **call: Unpack[Call]
    ) -> None:
        super().__init__(**call)
        self.problem = problem
        self.outcome_unknown = outcome_unknown

    def __str__(self) -> str:
        return f"{super().__str__()} ({self.problem})"
