"""The list of customers that staff see."""

import uuid
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from eqsr.accounts.models import Organisation, Role, User
from eqsr.connections import service as connections
from eqsr.connections.models import Connection
from eqsr.core.db import db
from eqsr.core.messages import NotFoundError
from eqsr.onboarding.models import OnboardingLink

PER_PAGE = 50


@dataclass(frozen=True)
class Customer:
    """An organisation with its latest onboarding link and its connection, if there are any."""

    organisation: Organisation
    link: OnboardingLink | None
    connection: Connection | None


@dataclass(frozen=True)
class CustomerPage:
    """One page of customers: its number, how many pages there are, and all customers' total."""

    customers: list[Customer]
    number: int
    pages: int
    total: int


def customers(number: int = 1) -> CustomerPage:
    """Return one page of customers, ordered by name; ``number`` is clipped to existing pages."""
    total = db.session.scalar(select(func.count()).select_from(_customers().subquery())) or 0
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(1, number), pages)
    query = _customers().order_by(Organisation.sort_name, Organisation.id)
    found = list(db.session.scalars(query.limit(PER_PAGE).offset((number - 1) * PER_PAGE)))
    ids = [organisation.id for organisation in found]
    links, connected = _latest_links(ids), connections.of_each(ids)
    shown = [Customer(one, links.get(one.id), connected.get(one.id)) for one in found]
    return CustomerPage(shown, number, pages, total)


def customer(slug: str) -> Organisation:
    """Return the customer with this slug. Raises NotFoundError."""
    organisation = db.session.scalar(_customers().where(Organisation.slug == slug))
    if organisation is None:
        raise NotFoundError
    return organisation


def _customers() -> Select[Organisation]:
    """All organisations except the platform's own, to which staff belong."""
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
            .label("rank"),
        )
        .where(OnboardingLink.organisation_id.in_(ids))
        .subquery()
    )
    query = (
        select(OnboardingLink)
        .join(newest, newest.c.id == OnboardingLink.id)
        .where(newest.c.rank == 1)
    )
    return {link.organisation_id: link for link in db.session.scalars(query)}
