"""SmartRecruiters understood the call and did not do it."""

from typing import Unpack

from eqsr.core.messages import N_
from eqsr.smartrecruiters.errors.base import Call, Fault, SmartRecruitersError


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
