"""The mail that asks somebody to join."""

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
    by = invited.invited_by
    return letter(
        "team_invitation",
        locale=by.language or by.organisation.language,
        sender_name=invited.organisation.name,
        looks=brand_of(invited.organisation),
        requester_name=by.called,
        requester_email=by.email,
        organisation_name=invited.organisation.name,
        expires_at=invited.expires_at,
        link_url=url,
    )
