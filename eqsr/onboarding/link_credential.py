"""Try the credential that was entered with an onboarding link, and record the outcome."""

import uuid

from eqsr.connections import progress
from eqsr.connections import service as connections
from eqsr.connections.credential_changes import By
from eqsr.connections.models import Connection
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.emailed_links import InvalidLink
from eqsr.core.messages import UserError
from eqsr.onboarding.link_validity import connection_of, hold_to_connect, links_for_update
from eqsr.onboarding.models import OnboardingLink


def enter_credentials(
    link: OnboardingLink, client_id: str, client_secret: str, address: str = ""
) -> None:
    """Have the worker try this credential. Raises InvalidLink, also once the link has connected."""
    with transaction():
        link = hold_to_connect(link)
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
        link = hold_to_connect(link)
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
            links_for_update()
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
