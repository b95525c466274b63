"""Make, revoke and list onboarding links."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from eqsr.accounts.models import Organisation
from eqsr.accounts.service import usable_email
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.connections import service as connections
from eqsr.core import emailed_links
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.emailed_links import LinkPurpose
from eqsr.core.messages import N_, NotFoundError
from eqsr.onboarding.link_validity import connection_of, links_for_update, why_over
from eqsr.onboarding.models import OnboardingLink
from eqsr.teams import first_admin

LINK_LIFETIME = timedelta(days=14)

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
            links_for_update()
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
        activity.audit(
            AuditAction.LINK_MADE, organisation_id, created_by_id, link.id, email=admin_email
        )
    return link, url


def revoke(
    organisation_id: uuid.UUID, link_id: uuid.UUID, by_id: uuid.UUID, address: str = ""
) -> None:
    """End a link at once, and the trial of a credential entered with it; idempotent.

    Raises NotFoundError for another organisation's link.
    """
    with transaction() as session:
        link = session.scalar(links_for_update().where(OnboardingLink.id == link_id))
        if link is None or link.organisation_id != organisation_id:
            raise NotFoundError
        if why_over(link):
            return
        link.revoked_at = now()
        _abandon(link, LINK_REVOKED)
        activity.audit(
            AuditAction.LINK_REVOKED,
            organisation_id,
            by_id,
            link.id,
            address,
            email=link.admin_email,
        )


def _abandon(link: OnboardingLink, sentence: str) -> None:
    """End the trial of the link's credential: it must not connect once its link has ended."""
    connection = connection_of(link)
    if connection is not None and not link.connected_at:
        connections.abandon(connection.id, link.run, sentence)


def links_of(organisation: Organisation) -> list[OnboardingLink]:
    """Return the organisation's links, newest first."""
    query = (
        select(OnboardingLink)
        .where(OnboardingLink.organisation_id == organisation.id)
        .order_by(OnboardingLink.created_at.desc(), OnboardingLink.id.desc())
    )
    return list(db.session.scalars(query))
