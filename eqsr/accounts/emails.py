"""Mails about one's own account."""

from eqsr.accounts import resets
from eqsr.accounts.models import User
from eqsr.core.db import db
from eqsr.core.extensions import settings
from eqsr.mail.compose import Email, compose_email
from eqsr.mail.models import Mail


def reset(mail: Mail) -> Email | None:
    """The link for a new password, or None when it is no longer wanted."""
    made = resets.issue_link(mail.subject_id, mail.id)
    if made is None:
        return None
    wish, url = made
    return compose_email("password_reset", **_to(wish.user), link_url=url)


def changed(mail: Mail) -> Email:
    """That the password was changed, and what to do if it was not the user."""
    user = db.session.get_one(User, mail.subject_id)
    url = f"{settings.public_url}/password/forgotten"
    return compose_email("password_changed", **_to(user), changed_at=mail.created_at, link_url=url)


def _to(user: User) -> dict:
    return {
        "locale": user.language or user.organisation.language,
        "zone": user.time_zone or user.organisation.time_zone,
        "first_name": user.name,
        "organisation_name": user.organisation.name,
    }
