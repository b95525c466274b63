"""Look up an onboarding link, lock it, and tell why it can't be used any more."""

from datetime import timedelta

from sqlalchemy import Select, select

from eqsr.connections import service as connections
from eqsr.connections.models import Connection
from eqsr.core import emailed_links
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.core.emailed_links import InvalidLink
from eqsr.onboarding.models import OnboardingLink

# Once it has connected, a link only serves to make the first admin's account, for this long.
LAST_STEP = timedelta(hours=1)


def find_by_token(token: str) -> OnboardingLink:
    """Return the link that this token opens.

    Raises InvalidLink: unknown, used, revoked, replaced or expired.
    """
    return emailed_links.find_by_token(OnboardingLink, token, _why_dead)


def hold(link: OnboardingLink) -> OnboardingLink:
    """Read the link again and lock it until the transaction ends. Raises InvalidLink if it ended
    meanwhile."""
    fresh = db.session.scalars(links_for_update().where(OnboardingLink.id == link.id)).one()
    reason = why_over(fresh)
    if reason:
        raise InvalidLink(reason, fresh)
    return fresh


def is_over(link: OnboardingLink) -> bool:
    """Has the link ended?"""
    return bool(why_over(link))


def _why_dead(link: OnboardingLink) -> str:
    """The same as why_over; a link that was overtaken counts as used."""
    return why_over(link) or ("used" if _overtaken(link) else "")


def why_over(link: OnboardingLink) -> str:
    """Return InvalidLink's reason, '' while the link is valid."""
    if link.used_at or (link.connected_at and link.connected_at + LAST_STEP <= now()):
        return "used"
    if link.revoked_at:
        return "revoked"
    if link.replaced_at:
        return "replaced"
    if not link.connected_at and link.expires_at <= now():
        return "expired"
    return ""


def connection_of(link: OnboardingLink) -> Connection | None:
    """Return the connection while its latest run is this link's, else None."""
    if link.run is None:
        return None
    connection = connections.of(link.organisation_id)
    return connection if connection and connection.run == link.run else None


def hold_to_connect(link: OnboardingLink) -> OnboardingLink:
    """Lock a link that may still connect. Raises InvalidLink."""
    link = hold(link)
    if link.connected_at or _overtaken(link):
        raise InvalidLink("used", link)
    return link


def _overtaken(link: OnboardingLink) -> bool:
    """Has another credential connected since the link was made?

    The link must not replace that one: by now anybody may hold the link.
    """
    if link.connected_at:
        return False
    connection = connections.of(link.organisation_id)
    if connection is None or connection.connected_at is None or connection.run == link.run:
        return False
    return connection.connected_at > link.created_at


def links_for_update() -> Select[OnboardingLink]:
    """A query that locks links only: PostgreSQL can't lock the outer join of the organisation."""
    return (
        select(OnboardingLink)
        .with_for_update(of=OnboardingLink)
        .execution_options(populate_existing=True)
    )
