"""The link that opens a shared profile: issued with its email, and read when it is opened."""

import uuid

from eqsr.activity.actions import AuditAction
from eqsr.core import emailed_links
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.emailed_links import InvalidLink, LinkPurpose
from eqsr.core.messages import NotFoundError
from eqsr.extras.shared_profiles.models import ProfileShare
from eqsr.extras.shared_profiles.service import audit, is_erased
from eqsr.screens.profile.profile import Profile, profile


def issue_link(share_id: uuid.UUID, mail_id: uuid.UUID) -> tuple[ProfileShare, str] | None:
    """Issue the link for this email; None if the share has ended."""
    with transaction() as session:
        found = session.get_one(ProfileShare, share_id, populate_existing=True)
        if _why_dead(found):
            return None
        return found, emailed_links.issue(LinkPurpose.SHARED_PROFILE, found, mail_id)


def find_by_token(token: str) -> ProfileShare:
    """The share that this token opens. Raises InvalidLink: unknown, revoked, erased or expired."""
    return emailed_links.find_by_token(ProfileShare, token, _why_dead)


def shown_profile(found: ProfileShare) -> Profile:
    """Return the profile that the guest sees.

    Raises InvalidLink once the user who shared it no longer sees the candidate.
    """
    try:
        return profile(found.candidate_id, found.shared_by)
    except NotFoundError:
        raise InvalidLink("revoked", found) from None


def opened(found: ProfileShare, address: str) -> None:
    """Record that the guest sees the profile, as the page's script says.

    Reading the page records nothing: mail scanners open every link.
    """
    with transaction() as session:
        found = session.merge(found)
        found.last_opened_at = now()
        found.opened_at = found.opened_at or found.last_opened_at
        audit(AuditAction.PROFILE_SHARE_OPENED, found, found.shared_by_id, address)


def _why_dead(found: ProfileShare) -> str:
    """The reason for InvalidLink: erased, revoked or expired; '' for a valid link."""
    if is_erased(found.candidate_id):
        return "erased"
    if found.revoked_at or not found.shared_by.active:
        return "revoked"
    return "expired" if found.expires_at <= now() else ""
