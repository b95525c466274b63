"""How long an earlier result may be used for another job."""

from datetime import datetime, timedelta

from eqsr.accounts.models import Organisation
from eqsr.core.clock import now

# Where results are not used again, an invitation to another job counts as recent for this long.
RECENT_MONTHS = 6
DAYS_OF_MONTH = 30.4375


def reusable_since(organisation: Organisation) -> datetime:
    """The moment since which a completed assessment counts as recent for this organisation."""
    months = organisation.reuse_months or RECENT_MONTHS
    return now() - timedelta(days=months * DAYS_OF_MONTH)
