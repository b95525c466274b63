"""The mail that asks somebody to join, and what all letters of a member say of the sender."""

from typing import Any

from eqsr.accounts.models import User
from eqsr.mail.compose import Letter, letter
from eqsr.mail.models import Mail
from eqsr.organisations.service import brand_of
from eqsr.teams import joining


def invitation(mail: Mail) -> Letter | None:
    """None when the invitation is over."""
    made = joining.link_for(mail.subject_id, mail.id)
    if made is None:
        return None
    invited, url = made
    return from_member(
        invited.invited_by, "team_invitation", expires_at=invited.expires_at, link_url=url
    )


def from_member(by: User, name: str, **facts: Any) -> Letter:
    """A letter to somebody outside, in the member's language and the organisation's looks: it says
    who asks, so that it is not taken for a fraud."""
    return letter(
        name,
        locale=by.language or by.organisation.language,
        zone=by.organisation.time_zone,
        sender_name=by.organisation.name,
        looks=brand_of(by.organisation),
        requester_name=by.called,
        requester_email=by.email,
        reply_to=by.email,
        organisation_name=by.organisation.name,
        **facts,
    )
