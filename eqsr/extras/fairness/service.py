"""Ask candidates to identify themselves after they have finished, and store it apart.

Scoring never sees any of this: nothing in assessments imports this room.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.extensions import settings
from eqsr.core.inserts import insert_if_absent
from eqsr.core.messages import UserError
from eqsr.core.tokens import pseudonym
from eqsr.extras.fairness import counting
from eqsr.extras.fairness.categories import RACE, SEX
from eqsr.extras.fairness.models import FairnessBoard, FairnessReport, SelfIdentification
from eqsr.invitations import service as invitations
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.service import enqueue

# So many people's answers must differ between two reports.
FRESH = 10
APART = timedelta(days=1)


def asks(organisation_id: uuid.UUID) -> bool:
    """Whether the organisation asks candidates to identify themselves."""
    board = _board(organisation_id)
    return board is not None and board.ended_at is None


def may_say(invitation: Invitation) -> bool:
    """Whether the candidate may answer: only after finishing, so that it can't seem to affect the
    result."""
    finished = invitation.state is InvitationState.COMPLETED and not invitation.erased
    return finished and asks(invitation.organisation_id)


def switch_on(organisation_id: uuid.UUID, user: User) -> None:
    with transaction():
        insert_if_absent(FairnessBoard, organisation_id=organisation_id)
        board = _board(organisation_id)
        if board is not None and board.ended_at is not None:
            board.since, board.ended_at = now(), None
        activity.audit("fairness_switched_on", organisation_id, user.id)


def switch_off(organisation_id: uuid.UUID, user: User) -> None:
    """Stop asking and delete all answers; existing reports are kept."""
    with transaction() as session:
        board = _board(organisation_id)
        if board is None or board.ended_at is not None:
            return
        board.ended_at = now()
        session.execute(
            delete(SelfIdentification).where(
                SelfIdentification.organisation == _organisation(organisation_id)
            )
        )
        activity.audit("fairness_switched_off", organisation_id, user.id)


def say(invitation: Invitation, sex: str, race: str) -> None:
    """Keep what somebody says of themselves instead of what they said before; nothing of either
    means that it is forgotten. Raises UserError for categories that there are not."""
    if not may_say(invitation):
        raise UserError("There is nothing to say here now.")
    if sex not in ("", *SEX) or race not in ("", *RACE):
        raise UserError("Choose from the list, or leave it open.")
    with transaction() as session:
        # Pressed twice, it is said once.
        candidate_id = invitations.locked(invitation.id).application.candidate_id
        forget(candidate_id)
        if sex or race:
            session.add(
                SelfIdentification(
                    person=_person(candidate_id),
                    organisation=_organisation(invitation.organisation_id),
                    sex=sex or None,
                    race=race or None,
                )
            )


def forget(candidate_id: uuid.UUID) -> None:
    """Delete the candidate's answers; joins the transaction."""
    with transaction() as session:
        session.execute(
            delete(SelfIdentification).where(SelfIdentification.person == _person(candidate_id))
        )


def latest_report(organisation_id: uuid.UUID) -> FairnessReport | None:
    return db.session.scalar(
        select(FairnessReport)
        .where(FairnessReport.organisation_id == organisation_id)
        .order_by(FairnessReport.made_at.desc(), FairnessReport.id.desc())
        .limit(1)
    )


def want_due_reports() -> int:
    """Queue a report for each organisation that is due for one; return how many."""
    boards = db.session.scalars(
        select(FairnessBoard.organisation_id).where(FairnessBoard.ended_at.is_(None))
    ).all()
    due = [organisation_id for organisation_id in boards if _is_due(organisation_id)]
    for organisation_id in due:
        enqueue(WorkKind.FAIRNESS_REPORT, organisation_id, once=True)
    return len(due)


def make_report(organisation_id: uuid.UUID) -> bool:
    """Count anew, if it is due. Counting may take a while, so it is done before the transaction."""
    if not _is_due(organisation_id):
        return False
    said = _said(organisation_id)
    figures = counting.count(organisation_id, said.get)
    with transaction() as session:
        session.execute(
            select(FairnessBoard.id)
            .where(FairnessBoard.organisation_id == organisation_id)
            .with_for_update()
        )
        if not _is_due(organisation_id):
            return False
        session.add(
            FairnessReport(organisation_id=organisation_id, answers=said.answers, figures=figures)
        )
        return True


def _is_due(organisation_id: uuid.UUID) -> bool:
    last = latest_report(organisation_id)
    if last is not None and now() - last.made_at < APART:
        return False
    answers = db.session.scalars(
        select(func.count())
        .select_from(SelfIdentification)
        .where(SelfIdentification.organisation == _organisation(organisation_id))
    ).one()
    return abs(answers - (last.answers if last else 0)) >= FRESH


@dataclass(frozen=True)
class _Said:
    """What people of one organisation said, by the hashes of who they are."""

    known: Mapping[str, tuple[str | None, str | None]]

    @property
    def answers(self) -> int:
        return len(self.known)

    def get(self, candidate_id: uuid.UUID) -> tuple[str | None, str | None]:
        return self.known.get(_person(candidate_id), (None, None))


def _said(organisation_id: uuid.UUID) -> _Said:
    rows = db.session.scalars(
        select(SelfIdentification).where(
            SelfIdentification.organisation == _organisation(organisation_id)
        )
    )
    return _Said({row.person: (row.sex, row.race) for row in rows})


def _board(organisation_id: uuid.UUID) -> FairnessBoard | None:
    return db.session.scalar(
        select(FairnessBoard)
        .where(FairnessBoard.organisation_id == organisation_id)
        .execution_options(populate_existing=True)
    )


def _person(candidate_id: uuid.UUID) -> str:
    return pseudonym(settings.secret_key, "fairness person", candidate_id)


def _organisation(organisation_id: uuid.UUID) -> str:
    return pseudonym(settings.secret_key, "fairness organisation", organisation_id)
