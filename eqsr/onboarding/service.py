"""Make, revoke and look up onboarding links, and record how far each one got."""

import uuid
from datetime import timedelta

from sqlalchemy import Select, select

from eqsr.accounts.models import Organisation
from eqsr.accounts.service import usable_email
from eqsr.activity import service as activity
from eqsr.connections import progress
from eqsr.connections import service as connections
from eqsr.connections.credential_changes import By
from eqsr.connections.models import Connection
from eqsr.core import emailed_links
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.emailed_links import InvalidLink, LinkPurpose
from eqsr.core.messages import N_, NotFoundError, UserError
from eqsr.onboarding.models import OnboardingLink
from eqsr.teams import first_admin

LINK_LIFETIME = timedelta(days=14)
# Once it has connected, a link only serves to make the first admin's account, for this long.
LAST_STEP = timedelta(hours=1)

LINK_REVOKED = N_("The onboarding link was revoked before its credential was tried out.")
LINK_REPLACED = N_("A newer onboarding link was made before this credential was tried out.")


def issue_link(
    organisation_id: uuid.UUID, admin_email: str, created_by_id: uuid.UUID | None = None
) -> tuple[OnboardingLink, str]:
    """Make a link that replaces the organisation's earlier ones; return it and its address.

    The address can't be recovered later: only the token's hash is stored. Raises UserError for a
    malformed email address.
    """
    admin_email = usable_email(admin_email)
    moment = now()
    with transaction() as session:
        first_admin.hold(organisation_id)  # of two made at once, only one may stay valid
        earlier = session.scalars(
            _itself()
            .where(OnboardingLink.organisation_id == organisation_id)
            .where(OnboardingLink.replaced_at.is_(None), OnboardingLink.expires_at > moment)
        )
        for one in earlier:
            one.replaced_at = moment
            _abandon(one, LINK_REPLACED)
        link = OnboardingLink(
            organisation_id=organisation_id,
            admin_email=admin_email,
            created_by_id=created_by_id,
            created_at=moment,
            expires_at=moment + LINK_LIFETIME,
        )
        url = emailed_links.issue(LinkPurpose.ONBOARDING, link)
        session.add(link)
        session.flush()
        activity.audit("link_made", organisation_id, created_by_id, link.id, email=admin_email)
    return link, url


def revoke(
    organisation_id: uuid.UUID, link_id: uuid.UUID, by_id: uuid.UUID, address: str = ""
) -> None:
    """End a link at once, and the trial of a credential entered with it; idempotent.

    Raises NotFoundError for another organisation's link.
    """
    with transaction() as session:
        link = session.scalar(_itself().where(OnboardingLink.id == link_id))
        if link is None or link.organisation_id != organisation_id:
            raise NotFoundError
        if _why_over(link):
            return
        link.revoked_at = now()
        _abandon(link, LINK_REVOKED)
        activity.audit(
            "link_revoked", organisation_id, by_id, link.id, address, email=link.admin_email
        )


def find_by_token(token: str) -> OnboardingLink:
    """Return the link that this token opens.

    Raises InvalidLink: unknown, used, revoked, replaced or expired.
    """
    return emailed_links.find_by_token(OnboardingLink, token, _why_dead)


def hold(link: OnboardingLink) -> OnboardingLink:
    """Read the link again and lock it until the transaction ends. Raises InvalidLink if it ended
    meanwhile."""
    fresh = db.session.scalars(_itself().where(OnboardingLink.id == link.id)).one()
    reason = _why_over(fresh)
    if reason:
        raise InvalidLink(reason, fresh)
    return fresh


def is_over(link: OnboardingLink) -> bool:
    """Has the link ended?"""
    return bool(_why_over(link))


def _why_dead(link: OnboardingLink) -> str:
    """The same as _why_over; a link that was overtaken counts as used."""
    return _why_over(link) or ("used" if _overtaken(link) else "")


def _why_over(link: OnboardingLink) -> str:
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


def opened(link: OnboardingLink) -> None:
    """Record that the link was opened."""
    _note_first(link, "opened_at")


def consented(link: OnboardingLink) -> None:
    """Record that the admin agreed to connect."""
    _note_first(link, "consented_at")


def mailed(link: OnboardingLink) -> None:
    """Record that the link was emailed."""
    _note_first(link, "mailed_at")


def enter_credentials(
    link: OnboardingLink, client_id: str, client_secret: str, address: str = ""
) -> None:
    """Have the worker try this credential. Raises InvalidLink, also once the link has connected."""
    with transaction():
        link = _hold_to_connect(link)
        by = By(link.admin_email, None, address)
        organisation_id, email = link.organisation_id, link.admin_email
        try:
            connection = connections.begin(
                organisation_id, client_id, client_secret, email, by, link.run
            )
        except connections.ConnectedMeanwhile:
            raise InvalidLink("used", link) from None
        link.credentials_at = now()
        link.failed_at = link.failure = None
        link.run = connection.run


def try_again(link: OnboardingLink) -> None:
    """Have the worker try the link's latest credential again.

    Raises InvalidLink, and UserError if none was entered.
    """
    with transaction():
        link = _hold_to_connect(link)
        connection = connection_of(link)
        if connection is None:
            raise UserError("Enter the Client ID and the Client Secret first.")
        link.run = connections.try_again(connection.id)
        link.failed_at = link.failure = None


def note_outcome(connection_id: uuid.UUID) -> None:
    """Record the outcome of a connection's latest run on the link that started it, if one did."""
    with transaction() as session:
        connection = session.get_one(Connection, connection_id, populate_existing=True)
        link = session.scalar(
            _itself()
            .where(OnboardingLink.organisation_id == connection.organisation_id)
            .where(OnboardingLink.run == connection.run)
            .order_by(OnboardingLink.credentials_at.desc())
            .limit(1)
        )
        if link is None:
            return
        failure = progress.failure(connection)
        if failure:
            link.failed_at, link.failure = now(), failure
        elif progress.connected(connection):
            link.failed_at = link.failure = None
            link.connected_at = link.connected_at or now()


def connection_of(link: OnboardingLink) -> Connection | None:
    """Return the connection while its latest run is this link's, else None."""
    if link.run is None:
        return None
    connection = connections.of(link.organisation_id)
    return connection if connection and connection.run == link.run else None


def _hold_to_connect(link: OnboardingLink) -> OnboardingLink:
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


def _abandon(link: OnboardingLink, sentence: str) -> None:
    """End the trial of the link's credential: it must not connect once its link has ended."""
    connection = connection_of(link)
    if connection is not None and not link.connected_at:
        connections.abandon(connection.id, link.run, sentence)


def _itself() -> Select[OnboardingLink]:
    """A query that locks links only: PostgreSQL can't lock the outer join of the organisation."""
    return (
        select(OnboardingLink)
        .with_for_update(of=OnboardingLink)
        .execution_options(populate_existing=True)
    )


def links_of(organisation: Organisation) -> list[OnboardingLink]:
    """Return the organisation's links, newest first."""
    query = (
        select(OnboardingLink)
        .where(OnboardingLink.organisation_id == organisation.id)
        .order_by(OnboardingLink.created_at.desc(), OnboardingLink.id.desc())
    )
    return list(db.session.scalars(query))


def _note_first(link: OnboardingLink, column: str) -> None:
    """Set this time stamp unless it is set already."""
    if getattr(link, column) is None:
        with transaction() as session:
            fresh = session.scalars(_itself().where(OnboardingLink.id == link.id)).one()
            if getattr(fresh, column) is None:
                setattr(fresh, column, now())
