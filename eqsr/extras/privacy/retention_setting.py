"""Set how long an organisation keeps results."""

from eqsr.accounts.models import Organisation, User
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.core.db import transaction
from eqsr.core.messages import N_, UserError
from eqsr.extras.privacy import retention, retention_queries


class WouldDelete(UserError):
    """The new retention would delete ``number`` results by the end of tomorrow."""

    status = 422

    def __init__(self, number: int):
        super().__init__(N_("Tick that these results may be deleted."))
        self.number = number


def keep_for(user: User, months: int | None, sure: bool, address: str) -> None:
    """Set the organisation's retention period in months; None keeps results without limit.

    Raises UserError for a period that is not offered, and WouldDelete if it would soon delete
    results and the user is not ``sure``.
    """
    if months not in retention.CHOICES:
        raise UserError("Choose how long from the list.")
    with transaction() as session:
        organisation = session.get_one(
            Organisation, user.organisation_id, populate_existing=True, with_for_update=True
        )
        if organisation.keep_months == months:
            return
        gone = retention_queries.how_many(organisation, months)
        if gone and not sure:
            raise WouldDelete(gone)
        organisation.keep_months = months
        facts = {"months": months}
        activity.audit(
            AuditAction.KEEPING_CHANGED, organisation.id, user.id, None, address, **facts
        )
