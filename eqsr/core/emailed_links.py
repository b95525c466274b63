"""Links in emails: what each is for, its address, its token, and the error of one that has ended.

A token is of one of two kinds:

- *stored*: a row holds its hash. ``issue`` makes the token, ``find_by_token`` finds the row.
- *signed*: it names an id; nothing is stored. ``signed_link`` makes it, ``read_signed`` reads it.
"""

import uuid
from collections.abc import Callable
from enum import StrEnum, unique
from typing import Any, Protocol, TypeVar

from sqlalchemy import select

from eqsr.core import tokens
from eqsr.core.db import db
from eqsr.core.extensions import settings


@unique
class LinkPurpose(StrEnum):
    """What a link is for. A token is good for one purpose only.

    The value is part of the token's signature: change one, and the signed links in sent emails end.
    """

    PASSWORD_RESET = "password"
    TEAM_INVITATION = "join"
    SHARED_PROFILE = "profile"
    ONBOARDING = "onboarding"
    ASSESSMENT = "take"
    REMINDERS = "reminders"
    OPEN_JOB = "share"  # anybody may follow it, and then signs up
    SIGN_UP = "sign up"


# Below PUBLIC_URL, before the token.
_PATHS = {
    LinkPurpose.PASSWORD_RESET: "password/reset",
    LinkPurpose.TEAM_INVITATION: "join",
    LinkPurpose.SHARED_PROFILE: "shared",
    LinkPurpose.ONBOARDING: "onboarding",
    LinkPurpose.ASSESSMENT: "take",
    LinkPurpose.REMINDERS: "reminders",
    LinkPurpose.OPEN_JOB: "take",
    LinkPurpose.SIGN_UP: "take",
}


class InvalidLink(Exception):
    """A link that can't be used.

    ``reason`` is one word: ``unknown`` if no row has this token, else what ended the link, such as
    ``expired`` or ``used``. ``row`` is what the link would open, where that is known. ``status`` is
    the page's HTTP status: 404 for an unknown link, 410 for one that has ended.
    """

    def __init__(self, reason: str, row: Any = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.row = row
        self.status = 404 if reason == "unknown" else 410


class HasToken(Protocol):
    """A row that a stored token opens."""

    token_hash: Any  # Mapped[str], or Mapped[str | None] before the first email is composed


Linked = TypeVar("Linked", bound=HasToken)


def issue(purpose: LinkPurpose, row: HasToken, mail_id: uuid.UUID | None = None) -> str:
    """Give ``row`` a new token, which ends its earlier one, and return the link's URL.

    The email ``mail_id`` always gets the same token, also when it is composed again. Without an
    email the token is random. Only its hash is stored, in the caller's transaction.
    """
    if mail_id is None:
        token = tokens.new_token()
    else:
        token = tokens.sign_id(settings.secret_key, purpose, mail_id)
    row.token_hash = tokens.hash_token(token)
    return _url(purpose, token)


def find_by_token(model: type[Linked], token: str, why_dead: Callable[[Linked], str]) -> Linked:
    """The row that ``token`` opens, read afresh.

    ``why_dead`` returns the reason why a row can't be used, or an empty text. Raises InvalidLink.
    """
    query = select(model).where(model.token_hash == tokens.hash_token(token))
    row = db.session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise InvalidLink("unknown")
    if reason := why_dead(row):
        raise InvalidLink(reason, row)
    return row


def signed_link(purpose: LinkPurpose, subject: uuid.UUID, generation: int = 0) -> str:
    """The URL that names ``subject``; see tokens.sign_id for ``generation``."""
    return _url(purpose, tokens.sign_id(settings.secret_key, purpose, subject, generation))


def read_signed(purpose: LinkPurpose, token: str) -> tuple[uuid.UUID, int] | None:
    """Subject and generation of a signed token of this purpose, or None.

    Links that an earlier SECRET_KEY signed work as long as it is one of SECRET_KEY_FALLBACKS.
    """
    found = (tokens.read_signed(key, purpose, token) for key in settings.secret_keys)
    return next(filter(None, found), None)


def read_signed_id(purpose: LinkPurpose, token: str) -> uuid.UUID | None:
    """The subject of a signed token that never gets another one, or None."""
    found = read_signed(purpose, token)
    return found[0] if found and not found[1] else None


def _url(purpose: LinkPurpose, token: str) -> str:
    return f"{settings.public_url}/{_PATHS[purpose]}/{token}"
