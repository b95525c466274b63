"""What staff sees of customers, and how far each one's link got."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from eqsr.accounts.models import Organisation, Role, User
from eqsr.connections import service as connections
from eqsr.connections.models import Connection
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.core.messages import NotFoundError
from eqsr.onboarding.models import OnboardingLink

PER_PAGE = 50


@dataclass(frozen=True)
class Customer:
    organisation: Organisation
    link: OnboardingLink | None
    connection: Connection | None


@dataclass(frozen=True)
class CustomerPage:
    customers: list[Customer]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class OnboardingProgress:
    """``state`` is the furthest a link got, ``at`` since when; ``failure`` the latest error."""

    state: str
    at: datetime
    failure: str = ""


def customers(number: int = 1) -> CustomerPage:
    """A page of customers by name, each with its latest link and its connection."""
    total = db.session.scalar(select(func.count()).select_from(_customers().subquery()))
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(1, number), pages)
    query = _customers().order_by(func.lower(Organisation.name), Organisation.id)
    found = list(db.session.scalars(query.limit(PER_PAGE).offset((number - 1) * PER_PAGE)))
    ids = [organisation.id for organisation in found]
    links, connected = _latest_links(ids), connections.of_each(ids)
    shown = [Customer(one, links.get(one.id), connected.get(one.id)) for one in found]
    return CustomerPage(shown, number, pages, total)


def customer(slug: str) -> Organisation:
    """Raises NotFoundError for what is no customer."""
    organisation = db.session.scalar(_customers().where(Organisation.slug == slug))
    if organisation is None:
        raise NotFoundError
    return organisation


def progress(link: OnboardingLink) -> OnboardingProgress:
    """How far a link got, in one word: sent, opened, consented, credentials_entered, failed,
    connected, joined, expired, revoked or replaced."""
    if link.used_at and link.connected_at and link.used_at > link.connected_at:
        return OnboardingProgress("joined", link.used_at)
    if link.connected_at:
        return OnboardingProgress("connected", link.connected_at)
    if link.revoked_at:
        return OnboardingProgress("revoked", link.revoked_at)
    if link.replaced_at:
        return OnboardingProgress("replaced", link.replaced_at)
    if link.expires_at <= now():
        return OnboardingProgress("expired", link.expires_at, link.failure or "")
    if link.failed_at:
        return OnboardingProgress("failed", link.failed_at, link.failure or "")
    if link.credentials_at:
        return OnboardingProgress("credentials_entered", link.credentials_at)
    if link.consented_at:
        return OnboardingProgress("consented", link.consented_at)
    if link.opened_at:
        return OnboardingProgress("opened", link.opened_at)
    if link.mailed_at:
        return OnboardingProgress("sent", link.mailed_at)
    return OnboardingProgress("made", link.created_at)


def _customers():
    """The platform's own people are no customer."""
    platform = select(User.organisation_id).where(User.role == Role.STAFF)
    return select(Organisation).where(Organisation.id.not_in(platform))


def _latest_links(ids: list[uuid.UUID]) -> dict[uuid.UUID, OnboardingLink]:
    newest = (
        select(
            OnboardingLink.id,
            func.row_number()
            .over(
                partition_by=OnboardingLink.organisation_id,
                order_by=(OnboardingLink.created_at.desc(), OnboardingLink.id.desc()),
            )
            .label("place"),
        )
        .where(OnboardingLink.organisation_id.in_(ids))
        .subquery()
    )
    query = (
        select(OnboardingLink)
        .join(newest, newest.c.id == OnboardingLink.id)
        .where(newest.c.place == 1)
    )
    return {link.organisation_id: link for link in db.session.scalars(query)}
