"""Emails about a user's own account."""

from typing import Any

from eqsr.accounts import reset_requests
from eqsr.accounts.login_limits import STRANGERS_PER_DAY
from eqsr.accounts.models import User
from eqsr.core.db import db
from eqsr.core.extensions import settings
from eqsr.mail.compose import Email, compose_email
from eqsr.mail.models import Mail


def reset(mail: Mail) -> Email | None:
    """Compose the email with the link for a new password; None if the request is obsolete."""
    issued = reset_requests.issue_link(mail.subject_id, mail.id)
    if issued is None:
        return None
    request, url = issued
    return _compose("password_reset", request.user, link_url=url)


def changed(mail: Mail) -> Email:
    """Compose the notice that the password was changed, and what to do if it was not the user."""
    user = db.session.get_one(User, mail.subject_id)
    url = f"{settings.public_url}/password/forgotten"
    return _compose("password_changed", user, changed_at=mail.created_at, link_url=url)


def guessing(mail: Mail) -> Email:
    """Compose the notice that strangers tried too many passwords, and what that means."""
    user = db.session.get_one(User, mail.subject_id)
    url = f"{settings.public_url}/password/forgotten"
    return _compose("guessing", user, tries=STRANGERS_PER_DAY, link_url=url)


def _compose(template: str, user: User, **facts: Any) -> Email:
    """Compose an email in the user's own language and time zone."""
    return compose_email(
        template,
        locale=user.language or user.organisation.language,
        zone=user.time_zone or user.organisation.time_zone,
        first_name=user.name,
        organisation_name=user.organisation.name,
        **facts,
    )
