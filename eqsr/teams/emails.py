"""The invitation to join an organisation, and emails that a member sends to outsiders."""

from typing import Any

from eqsr.accounts import service as accounts
from eqsr.accounts.models import User
from eqsr.core.extensions import settings
from eqsr.mail.compose import Email, compose_email
from eqsr.mail.models import Mail
from eqsr.organisations.service import brand_of
from eqsr.teams import join_link, queries
from eqsr.teams.models import TeamInvitation


def invitation(mail: Mail) -> Email | None:
    """Compose an invitation with a new link; None if the invitation has ended."""
    issued = join_link.issue_link(mail.subject_id, mail.id)
    if issued is None:
        return None
    invited, url = issued
    if invited.invited_by is None or queries.from_platform(invited):
        return _from_platform(invited, url)
    if _has_account_elsewhere(invited):
        return from_member(invited.invited_by, "team_invitation_elsewhere")
    return from_member(
        invited.invited_by, "team_invitation", expires_at=invited.expires_at, link_url=url
    )


def _has_account_elsewhere(invited: TeamInvitation) -> bool:
    """Whether the address has an account at another organisation, so that its link can't work.

    Only the reader of the address is told so, not the person who invited it.
    """
    known = accounts.user_with(invited.email)
    return known is not None and known.organisation_id != invited.organisation_id


def _from_platform(invited: TeamInvitation, url: str) -> Email:
    """Compose the invitation of a first admin, sent by staff or by an onboarding link."""
    by, organisation = invited.invited_by, invited.organisation
    return compose_email(
        "team_invitation",
        locale=organisation.language,
        zone=organisation.time_zone,
        requester_name=by.display_name if by else settings.platform_name,
        requester_email=by.email if by else "",
        reply_to=by.email if by else None,
        organisation_name=organisation.name,
        expires_at=invited.expires_at,
        link_url=url,
    )


def from_member(by: User, name: str, **facts: Any) -> Email:
    """Compose an email from a member to an outsider, in the member's language.

    It names the member, and replies go to them, so that it does not look like fraud. ``name`` and
    ``facts`` are the template's.
    """
    return compose_email(
        name,
        locale=by.language or by.organisation.language,
        zone=by.organisation.time_zone,
        sender_name=by.organisation.name,
        looks=brand_of(by.organisation),
        requester_name=by.display_name,
        requester_email=by.email,
        reply_to=by.email,
        organisation_name=by.organisation.name,
        **facts,
    )
