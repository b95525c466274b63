"""How far a customer's onboarding link got, for staff."""

from dataclasses import dataclass
from datetime import datetime

from eqsr.core.clock import now
from eqsr.onboarding.models import OnboardingLink


@dataclass(frozen=True)
class OnboardingProgress:
    """The furthest ``state`` a link reached, and when; ``failure`` is the latest error or ''."""

    state: str
    at: datetime
    failure: str = ""


def progress(link: OnboardingLink) -> OnboardingProgress:
    """Return how far a link got.

    The state is made, sent, opened, consented, credentials_entered, failed, connected, joined,
    expired, revoked or replaced.
    """
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
