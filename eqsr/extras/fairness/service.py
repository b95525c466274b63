"""Whether an organisation asks its candidates to identify themselves; switching that on and off."""

import uuid

from sqlalchemy import delete, select

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.inserts import insert_if_absent
from eqsr.extras.fairness.models import FairnessBoard, SelfIdentification
from eqsr.extras.fairness.pseudonyms import organisation_hashes


def asks(organisation_id: uuid.UUID) -> bool:
    """Whether the organisation asks candidates to identify themselves."""
    board = _board(organisation_id)
    return board is not None and board.ended_at is None


def switch_on(organisation_id: uuid.UUID, user: User) -> None:
    """Ask candidates from now on."""
    with transaction():
        insert_if_absent(FairnessBoard, organisation_id=organisation_id)
        board = _board(organisation_id)
        if board is not None and board.ended_at is not None:
            board.since, board.ended_at = now(), None
        activity.audit(AuditAction.FAIRNESS_SWITCHED_ON, organisation_id, user.id)


def switch_off(organisation_id: uuid.UUID, user: User) -> None:
    """Stop asking and delete all answers; existing reports are kept."""
    with transaction() as session:
        board = _board(organisation_id)
        if board is None or board.ended_at is not None:
            return
        board.ended_at = now()
        session.execute(
            delete(SelfIdentification).where(
                SelfIdentification.organisation.in_(organisation_hashes(organisation_id))
            )
        )
        activity.audit(AuditAction.FAIRNESS_SWITCHED_OFF, organisation_id, user.id)


def _board(organisation_id: uuid.UUID) -> FairnessBoard | None:
    return db.session.scalar(
        select(FairnessBoard)
        .where(FairnessBoard.organisation_id == organisation_id)
        .execution_options(populate_existing=True)
    )
