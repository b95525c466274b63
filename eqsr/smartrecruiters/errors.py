"""The errors of calls to SmartRecruiters, sorted by who can correct them.

Every error has these attributes:

- ``fault``: ``ours`` (a bug or a setting of ours), ``connection`` (the customer's credential, its
  scopes or its role) or ``theirs`` (SmartRecruiters or the network);
- ``retryable``: the same call may succeed later without any correction;
- ``sentence``: one sentence for a person (eqsr.core.messages): what happened and what to do;
- ``code``: a stable name for metrics, activities and tests;
- ``endpoint`` such as ``GET /jobs/{job_id}``, ``status`` (None without an answer), and ``codes``,
  SmartRecruiters' own error codes;
- ``outcome_unknown``: the call may have written something although we got no answer.

``str(error)`` is for logs. Neither it nor ``sentence`` contains secrets, ids or names.
"""

from typing import Literal, TypedDict, Unpack

from eqsr.core.messages import N_, store

Fault = Literal["ours", "connection", "theirs"]

CREDENTIALS_PAGE = "Settings / Admin, Apps & Integrations, Credentials"


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


class CredentialsRefused(SmartRecruitersError):
    """The token endpoint refused the Client ID and Client Secret (400, 401, 403)."""

    fault: Fault = "connection"
    code = "credentials_refused"
    sentence = N_(
        "SmartRecruiters does not accept this Client ID and Client Secret: check that both were "
        "copied whole and that the credential still exists, or make a new one under Settings / "
        "Admin, Apps & Integrations, Credentials."
    )


class NoAccess(SmartRecruitersError):
    """The token is valid but does not allow this call (403, or 401 again with a new token).

    ``scope`` is the scope that the call needs. It is only known to be missing if ``lacks_scope``
    is True: SmartRecruiters sent its own error for that. It also answers 401 or 403 for a job or
    candidate that this credential may not see or that was deleted, and 403 if the credential's
    system role is too weak. Such an answer says nothing about other calls and no check of the
    connection helps: ``out_of_reach`` is True then.
    """

    fault: Fault = "connection"
    code = "no_access"

    def __init__(self, *, scope: str, lacks_scope: bool = False, **call: Unpack[Call]) -> None:
        super().__init__(**call)
        self.scope = scope
        self.lacks_scope = lacks_scope
        self.out_of_reach = not lacks_scope and self.status in (400, 403)
        if self.out_of_reach:
            self.fault = "theirs"
        self.sentence = store(
            "SmartRecruiters gave no access to this: the credential needs the scope %(scope)s "
            "and a system role that may see the job and candidate; if it has both, what we "
            "asked for may have been deleted.",
            scope=scope,
        )

    @property
    def worth_retrying(self) -> bool:
        """True if the object is out of reach, as that may change."""
        return self.out_of_reach


class NotFound(SmartRecruitersError):
    """404, 410, or a 400 such as ``CANDIDATE_NOT_FOUND``: the object does not exist (any more)."""

    code = "not_found"
    sentence = N_(
        "SmartRecruiters does not have this any more: it may have been deleted there, or "
        "the candidate is no longer on this job."
    )


class InvalidId(SmartRecruitersError):
    """A value can't be one of SmartRecruiters' ids; no call was made."""

    fault: Fault = "ours"
    code = "invalid_id"
    sentence = N_(
        "This is not a SmartRecruiters ID: copy the whole ID from SmartRecruiters and try again."
    )


_REFUSALS = {
    "FILE_ALREADY_EXIST": N_(
        "SmartRecruiters already has this file on the application, so it was not stored again."
    ),
    "INVALID_FILE": N_(
        "SmartRecruiters does not take this file: its type is not allowed or it is damaged."
    ),
    "ATTACHMENT_LIMIT_EXCEEDED": N_(
        "This application has as many attachments as SmartRecruiters "
        "allows: delete one there and try again."
    ),
    "SUBSCRIPTIONS_LIMIT_EXCEEDED": N_(
        "This credential has as many webhook subscriptions as "
        "SmartRecruiters allows (20): delete one that is no longer used and try again."
    ),
    "SECRET_KEYS_LIMIT_EXCEEDED": N_(
        "This webhook subscription has as many live secret keys as "
        "SmartRecruiters allows (16): they lapse after 24 hours, so try again tomorrow."
    ),
    "INACCESSIBLE_FIELD": N_(
        "SmartRecruiters does not let this credential write that candidate "
        "field: check who may edit the field, or map another one."
    ),
}


class RequestRefused(SmartRecruitersError):
    """SmartRecruiters understood the call and turned it down (400, 409, 415, 422, a limit)."""

    fault: Fault = "ours"
    code = "refused"
    sentence = N_(
        "SmartRecruiters turned down what we sent: try again, and contact support if it "
        "keeps happening."
    )

    def __init__(self, **call: Unpack[Call]) -> None:
        super().__init__(**call)
        known = next((_REFUSALS[code] for code in self.codes if code in _REFUSALS), None)
        if known:
            self.sentence, self.fault = known, "connection"


class HandshakeFailed(SmartRecruitersError):
    """424 on activation: SmartRecruiters called our webhook address and got no valid answer."""

    fault: Fault = "ours"
    retryable = True
    code = "handshake_failed"
    sentence = N_(
        "SmartRecruiters could not reach our webhook address: check that the public "
        "address of this installation answers from the internet over https, then try again."
    )


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
