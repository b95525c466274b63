"""Read what the token endpoint answers: a token and its lifetime, or a refusal.

Source: SmartRecruiters docs, authentication with an OAuth client credential.
"""

import re
from typing import Any

from eqsr.smartrecruiters.errors.access import CredentialsRefused
from eqsr.smartrecruiters.errors.outages import Throttled, Unavailable
from eqsr.smartrecruiters.fields import WrongShape, mapping, text
from eqsr.smartrecruiters.rate_headers import retry_after
from eqsr.smartrecruiters.response import ApiResponse

# Seconds: lifetime of a token that comes without ``expires_in``, and the longest that we assume.
_UNSTATED_LIFE = 300.0
_LONGEST_LIFE = 24 * 3600.0
_TOKEN = re.compile(r"[\x21-\x7e]{1,8192}")


def raise_unless_good(answer: ApiResponse) -> None:
    """Raise the error for a status other than 200: CredentialsRefused, Throttled or Unavailable."""
    status, endpoint = answer.status, answer.endpoint
    if status == 200:
        return
    codes = answer.error_codes()
    if status in (400, 401, 403):
        raise CredentialsRefused(endpoint=endpoint, status=status, codes=codes)
    if status == 429:
        wait = retry_after(answer.headers) or 1.0
        raise Throttled(wait, endpoint=endpoint, status=status, codes=codes)
    if status >= 500 or status == 408:
        raise Unavailable("status", endpoint=endpoint, status=status, codes=codes)
    raise answer.unexpected("the token endpoint sent an undocumented status")


def token_and_life(document: Any) -> tuple[str, float]:
    """Parse the token and its lifetime in seconds; a missing lifetime counts as short.

    Raises WrongShape.
    """
    document = mapping(document)
    token = document.get("access_token")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise WrongShape("access_token is missing or not a token")
    kind = text(document, "token_type")
    if kind is not None and kind.lower() != "bearer":
        raise WrongShape("token_type is not bearer")
    try:
        life = float(document.get("expires_in", _UNSTATED_LIFE))
    except (TypeError, ValueError, OverflowError):
        raise WrongShape("expires_in is not a number") from None
    if not life > 0:
        raise WrongShape("expires_in is not above 0")
    return token, min(life, _LONGEST_LIFE)
