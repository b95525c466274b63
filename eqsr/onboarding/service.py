"""Onboarding links: made by staff, followed by a customer's admin."""

import uuid
from datetime import timedelta

from sqlalchemy import select, update

from eqsr.accounts.models import Organisation
from eqsr.accounts.service import usable_email
from eqsr.clock import now
from eqsr.connections import progress
from eqsr.connections import service as connections
from eqsr.connections.models import Connection
from eqsr.db import db, transaction
from eqsr.extensions import settings
from eqsr.ledger import service as ledger
from eqsr.onboarding.models import OnboardingLink
from eqsr.security import fingerprint, new_token

LIFE = timedelta(days=14)


class DeadLink(Exception):
    """The link can't be followed. ``status`` as in HTTP: 404 unknown, 410 no longer."""

    def __init__(self, reason: str, status: int):
        super().__init__(reason)
        self.reason = reason
        self.status = status


def make_link(
    organisation_id: uuid.UUID, admin_email: str, created_by_id: uuid.UUID | None = None
) -> tuple[OnboardingLink, str]:
    """A new link and its address, which can't be had again: only a hash of it is stored.

    Earlier links of the organisation are replaced by it. Raises PlainError.
    """
    admin_email = usable_email(admin_email)
    token, moment = new_token(), now()
    with transaction() as session:
        session.execute(
            update(OnboardingLink)
            .where(OnboardingLink.organisation_id == organisation_id)
            .where(OnboardingLink.replaced_at.is_(None), OnboardingLink.expires_at > moment)
            .values(replaced_at=moment)
        )
        link = OnboardingLink(
            organisation_id=organisation_id,
            admin_email=admin_email,
            token_hash=fingerprint(token),
            created_by_id=created_by_id,
            created_at=moment,
            expires_at=moment + LIFE,
        )
        session.add(link)
        session.flush()
        ledger.audit("link_made", organisation_id, created_by_id, link.id)
    return link, f"{settings.public_url}/onboarding/{token}"


def follow(token: str) -> OnboardingLink:
    """The link that this token belongs to. Raises DeadLink."""
    query = select(OnboardingLink).where(OnboardingLink.token_hash == fingerprint(token))
    link = db.session.scalar(query)
    if link is None:
        raise DeadLink("unknown", 404)
    if link.replaced_at:
        raise DeadLink("replaced", 410)
    if link.expires_at <= now():
        raise DeadLink("expired", 410)
    return link


def opened(link: OnboardingLink) -> None:
    _note_first(link, "opened_at")


def consented(link: OnboardingLink) -> None:
    _note_first(link, "consented_at")


def mailed(link: OnboardingLink) -> None:
    _note_first(link, "mailed_at")


def enter_credentials(link: OnboardingLink, client_id: str, client_secret: str) -> None:
    """Have them tried by the worker."""
    with transaction() as session:
        link = session.merge(link)
        link.credentials_at = now()
        link.failed_at = link.failure = link.connected_at = None
        connections.begin(link.organisation_id, client_id, client_secret, link.admin_email)


def try_again(link: OnboardingLink) -> None:
    """Have the credentials entered last tried once more. Raises PlainError."""
    connection = connections.of(link.organisation_id)
    with transaction() as session:
        link = session.merge(link)
        link.failed_at = link.failure = None
        connections.try_again(connection.id)


def note_outcome(connection_id: uuid.UUID) -> None:
    """Write on the link what became of the credentials that were entered with it."""
    connection = connections.get(connection_id)
    with transaction() as session:
        link = session.scalar(
            select(OnboardingLink)
            .where(OnboardingLink.organisation_id == connection.organisation_id)
            .where(OnboardingLink.credentials_at.is_not(None))
            .order_by(OnboardingLink.credentials_at.desc())
            .limit(1)
            .execution_options(populate_existing=True)
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
    """The organisation's connection, if this link has been used to make or renew it."""
    return connections.of(link.organisation_id) if link.credentials_at else None


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
            setattr(session.merge(link), moment, now())
