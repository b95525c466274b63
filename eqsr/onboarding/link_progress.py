"""Record when an onboarding link was mailed, opened and agreed to."""

from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.onboarding.link_validity import links_for_update
from eqsr.onboarding.models import OnboardingLink


def opened(link: OnboardingLink) -> None:
    """Record that somebody sees the link's first page."""
    _note_first(link, "opened_at")


def consented(link: OnboardingLink) -> None:
    """Record that the admin agreed to connect."""
    _note_first(link, "consented_at")


def mailed(link: OnboardingLink) -> None:
    """Record that the link was emailed."""
    _note_first(link, "mailed_at")


def _note_first(link: OnboardingLink, column: str) -> None:
    """Set this time stamp unless it is set already."""
    if getattr(link, column) is None:
        with transaction() as session:
            fresh = session.scalars(links_for_update().where(OnboardingLink.id == link.id)).one()
            if getattr(fresh, column) is None:
                setattr(fresh, column, now())
