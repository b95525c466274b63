"""Onboarding links: made by staff, followed by a customer's admin."""

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
# From the moment it has connected, a link serves for one thing only: making the admin's account.
LAST_STEP = timedelta(hours=1)

REVOKED = N_("The onboarding link was revoked before its credential was tried out.")
REPLACED = N_("A newer onboarding link was made before this credential was tried out.")


def issue_link(
    organisation_id: uuid.UUID, admin_email: str, created_by_id: uuid.UUID | None = None
) -> tuple[OnboardingLink, str]:
    """A new link and its address, which can't be had again: only a hash of it is stored.

    Earlier links of the organisation are replaced by it. Raises UserError.
    """
    admin_email = usable_email(admin_email)
    moment = now()
    with transaction() as session:
        first_admin.hold(organisation_id)  # two made at once must not both live
        earlier = session.scalars(
            _itself()
            .where(OnboardingLink.organisation_id == organisation_id)
            .where(OnboardingLink.replaced_at.is_(None), OnboardingLink.expires_at > moment)
        )
        for one in earlier:
            one.replaced_at = moment
            _abandon(one, REPLACED)
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
    """The link ends at once, and so does the trial of a credential that was entered with it.
    Raises NotFoundError; revoking one that is over changes nothing."""
    with transaction() as session:
        link = session.scalar(_itself().where(OnboardingLink.id == link_id))
        if link is None or link.organisation_id != organisation_id:
            raise NotFoundError
        if _why_over(link):
            return
        link.revoked_at = now()
        _abandon(link, REVOKED)
        activity.audit(
            "link_revoked", organisation_id, by_id, link.id, address, email=link.admin_email
        )


def find_by_token(token: str) -> OnboardingLink:
    """The link that this token belongs to. Raises InvalidLink: unknown, used, revoked, replaced or
    expired."""
    return emailed_links.find_by_token(OnboardingLink, token, _why_dead)


def hold(link: OnboardingLink) -> OnboardingLink:
    """The link as it is now and stays until the end of this transaction. Raises InvalidLink when it
    has ended since it was followed."""
    fresh = db.session.scalar(_itself().where(OnboardingLink.id == link.id))
    reason = _why_over(fresh)
    if reason:
        raise InvalidLink(reason, fresh)
    return fresh


def is_over(link: OnboardingLink) -> bool:
    return bool(_why_over(link))


def _why_dead(link: OnboardingLink) -> str:
    """The same as _why_over; a link that was overtaken counts as used."""
    return _why_over(link) or ("used" if _overtaken(link) else "")


def _why_over(link: OnboardingLink) -> str:
    """In one word, as InvalidLink has it; '' while something can be done with the link."""
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
    _note_first(link, "opened_at")


def consented(link: OnboardingLink) -> None:
    _note_first(link, "consented_at")


def mailed(link: OnboardingLink) -> None:
    _note_first(link, "mailed_at")


def enter_credentials(
    link: OnboardingLink, client_id: str, client_secret: str, address: str = ""
) -> None:
    """Have them tried by the worker. Raises InvalidLink, also once the link has connected."""
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
    """Have the credentials entered last with this link tried once more. Raises InvalidLink,
    UserError."""
    with transaction():
        link = _hold_to_connect(link)
        connection = connection_of(link)
        if connection is None:
            raise UserError("Enter the Client ID and the Client Secret first.")
        link.run = connections.try_again(connection.id)
        link.failed_at = link.failure = None


def note_outcome(connection_id: uuid.UUID) -> None:
    """Write on the link what became of the credentials that were entered with it; nothing where
    somebody else entered them."""
    with transaction() as session:
        connection = connections.get(connection_id)
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
    """The organisation's connection, while the credential that this link brought is the latest."""
    if link.run is None:
        return None
    connection = connections.of(link.organisation_id)
    return connection if connection and connection.run == link.run else None


def _hold_to_connect(link: OnboardingLink) -> OnboardingLink:
    link = hold(link)
    if link.connected_at or _overtaken(link):
        raise InvalidLink("used", link)
    return link


def _overtaken(link: OnboardingLink) -> bool:
    """Since it was made, a credential that it did not bring has connected, which it must not
    replace: whoever still has the link may be anybody by now."""
    if link.connected_at:
        return False
    connection = connections.of(link.organisation_id)
    if connection is None or connection.connected_at is None or connection.run == link.run:
        return False
    return connection.connected_at > link.created_at


def _abandon(link: OnboardingLink, sentence: str) -> None:
    """A credential that is on trial must not win once its link has ended."""
    connection = connection_of(link)
    if connection is not None and not link.connected_at:
        connections.abandon(connection.id, link.run, sentence)


def _itself() -> Select[tuple[OnboardingLink]]:
    """For a row that is held; the organisation comes along by an outer join, which PostgreSQL
    can't lock."""
    return (
        select(OnboardingLink)
        .with_for_update(of=OnboardingLink)
        .execution_options(populate_existing=True)
    )


def links_of(organisation: Organisation) -> list[OnboardingLink]:
    """Latest first."""
    query = (
        select(OnboardingLink)
        .where(OnboardingLink.organisation_id == organisation.id)
        .order_by(OnboardingLink.created_at.desc(), OnboardingLink.id.desc())
    )
    return list(db.session.scalars(query))


def _note_first(link: OnboardingLink, moment: str) -> None:
    """Each of these is the first time; a second one changes nothing."""
    if getattr(link, moment) is None:
        with transaction() as session:
            fresh = session.scalar(_itself().where(OnboardingLink.id == link.id))
            if getattr(fresh, moment) is None:
                setattr(fresh, moment, now())
