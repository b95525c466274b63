"""The mail that brings a guest the link."""

from eqsr.guests import service
from eqsr.mail.compose import Letter, letter
from eqsr.mail.models import Mail
from eqsr.organisations.service import brand_of


def invitation(mail: Mail) -> Letter | None:
    """None when the share is over. The candidate's name is left to the page: mails are read on
    the way."""
    made = service.link_for(mail.subject_id, mail.id)
    if made is None:
        return None
    found, url = made
    by = found.shared_by
    return letter(
        "profile_share",
        locale=by.language or by.organisation.language,
        sender_name=by.organisation.name,
        looks=brand_of(by.organisation),
        requester_name=by.called,
        requester_email=by.email,
        organisation_name=by.organisation.name,
        expires_at=found.expires_at,
        link_url=url,
    )
