"""The email that sends a guest the link."""

from eqsr.extras.shared_profiles import links
from eqsr.mail.compose import Email
from eqsr.mail.models import Mail
from eqsr.teams.emails import from_member


def invitation(mail: Mail) -> Email | None:
    """None when the share is over. The candidate's name is left to the page: mails are read on
    the way."""
    made = links.issue_link(mail.subject_id, mail.id)
    if made is None:
        return None
    found, url = made
    return from_member(found.shared_by, "profile_share", expires_at=found.expires_at, link_url=url)
