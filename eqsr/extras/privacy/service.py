"""What an admin asks for: erase an application's result; and which results were erased."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.activity.kinds import ActivityKind
from eqsr.activity.models import Activity
from eqsr.candidates.models import Application
from eqsr.core.db import db
from eqsr.core.messages import N_, NotFoundError, UserError
from eqsr.extras.privacy.erasure import erase
from eqsr.invitations.models import Invitation

UNSURE = N_("Tick that you want it deleted for good.")


@dataclass(frozen=True)
class Erasure:
    """When an application's result was erased, and by which user; ``by`` is empty for retention."""

    at: datetime
    by: str


def own(user: User, application_id: uuid.UUID) -> Application:
    """The organisation's application. Raises NotFoundError."""
    found = db.session.get(Application, application_id, populate_existing=True)
    if found is None or found.organisation_id != user.organisation_id:
        raise NotFoundError
    return found


def invitations_of(application_id: uuid.UUID) -> list[Invitation]:
    """Its invitations, latest first."""
    query = select(Invitation).where(Invitation.application_id == application_id)
    query = query.order_by(Invitation.queued_at.desc(), Invitation.id.desc())
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def erase_by(user: User, application_id: uuid.UUID, sure: bool, address: str) -> bool:
    """Erase an application's result for an admin; ``address`` is their network address.

    Returns False if it was already erased. Raises NotFoundError if the application is not the
    organisation's or was never invited, and UserError unless ``sure``.
    """
    own(user, application_id)
    if not invitations_of(application_id):
        raise NotFoundError
    if not sure:
        raise UserError(UNSURE)
    return erase(application_id, user, address)


def erasures(applications: Sequence[Application]) -> dict[uuid.UUID, Erasure]:
    """The erasures of those applications that were erased, by application id."""
    erased = {one.id: one.erased_at for one in applications if one.erased_at}
    lines = db.session.scalars(
        select(Activity)
        .where(Activity.application_id.in_(erased))
        .where(Activity.kind.in_((ActivityKind.RESULT_ERASED, ActivityKind.RESULT_ERASED_IN_TIME)))
    )
    by = {line.application_id: line.facts.get("user", "") for line in lines}
    return {each: Erasure(at, by.get(each, "")) for each, at in erased.items()}
