"""Asking people about themselves after they have finished, and keeping it apart.

Scoring never sees any of this: nothing in assessments imports this room.
"""

import uuid
from datetime import timedelta

from sqlalchemy import delete, func, select

from eqsr.accounts.models import User
from eqsr.clock import now
from eqsr.db import db, insert_if_absent, transaction
from eqsr.extensions import settings
from eqsr.fairness import counting
from eqsr.fairness.categories import RACE, SEX
from eqsr.fairness.models import FairnessBoard, FairnessReport, SelfIdentification
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.ledger import service as ledger
from eqsr.plain import PlainError
from eqsr.security import pseudonym

# So many people's answers must differ between two reports.
FRESH = 10
APART = timedelta(days=1)


def asks(organisation_id: uuid.UUID) -> bool:
    """The organisation has switched it on."""
    board = _board(organisation_id)
    return board is not None and board.ended_at is None


def may_say(invitation: Invitation) -> bool:
    """Only after the end, so that nobody thinks it has to do with the result."""
    return invitation.state is InvitationState.COMPLETED and asks(invitation.organisation_id)


def switch_on(organisation_id: uuid.UUID, user: User) -> None:
    with transaction():
        insert_if_absent(FairnessBoard, organisation_id=organisation_id)
        board = _board(organisation_id)
        if board.ended_at is not None:
            board.since, board.ended_at = now(), None
        ledger.audit("fairness_switched_on", organisation_id, user.id)


def switch_off(organisation_id: uuid.UUID, user: User) -> None:
    """Nobody is asked any more. What was said is deleted; reports that were made stay."""
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
        ledger.audit("fairness_switched_off", organisation_id, user.id)


def say(invitation: Invitation, sex: str, race: str) -> None:
    """Keep what somebody says of themselves instead of what they said before; nothing of either
    means that it is forgotten. Raises PlainError for categories that there are not."""
    if not may_say(invitation):
        raise PlainError("There is nothing to say here now.")
    if sex not in ("", *SEX) or race not in ("", *RACE):
        raise PlainError("Choose from the list, or leave it open.")
    with transaction() as session:
        candidate_id = invitation.application.candidate_id
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
    """Delete what this person said of themselves; joins the transaction."""
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


def make_due_reports() -> int:
    """Count anew where enough people more have answered; how many reports were made."""
    boards = db.session.scalars(
        select(FairnessBoard.organisation_id).where(FairnessBoard.ended_at.is_(None))
    ).all()
    return sum(_make_if_due(organisation_id) for organisation_id in boards)


def _make_if_due(organisation_id: uuid.UUID) -> bool:
    with transaction() as session:
        session.execute(
            select(FairnessBoard.id)
            .where(FairnessBoard.organisation_id == organisation_id)
            .with_for_update()
        )
        last = latest_report(organisation_id)
        answers = session.scalar(
            select(func.count())
            .select_from(SelfIdentification)
            .where(SelfIdentification.organisation == _organisation(organisation_id))
        )
        if abs(answers - (last.answers if last else 0)) < FRESH:
            return False
        if last is not None and now() - last.made_at < APART:
            return False
        figures = counting.count(organisation_id, _said(organisation_id))
        session.add(
            FairnessReport(organisation_id=organisation_id, answers=answers, figures=figures)
        )
        return True


def _said(organisation_id: uuid.UUID) -> counting.Said:
    rows = db.session.scalars(
        select(SelfIdentification).where(
            SelfIdentification.organisation == _organisation(organisation_id)
        )
    )
    known = {row.person: (row.sex, row.race) for row in rows}
    return lambda candidate_id: known.get(_person(candidate_id), (None, None))


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
