"""Make the reports of an organisation when they are due."""

import uuid
from datetime import timedelta

from sqlalchemy import func, select

from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.extras.fairness import counting
from eqsr.extras.fairness.models import FairnessBoard, FairnessReport, SelfIdentification
from eqsr.extras.fairness.pseudonyms import organisation_hashes
from eqsr.extras.fairness.self_identification import answers_of
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.service import enqueue

# So many people's answers must differ between two reports.
MIN_NEW_ANSWERS = 10
MIN_INTERVAL = timedelta(days=1)


def latest_report(organisation_id: uuid.UUID) -> FairnessReport | None:
    """The organisation's latest report; None if there is none."""
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
    """Make a new report if one is due; return whether one was made.

    Counting may take a while, so it is done before the transaction.
    """
    if not _is_due(organisation_id):
        return False
    identified = answers_of(organisation_id)
    figures = counting.count(organisation_id, identified.get)
    with transaction() as session:
        session.execute(
            select(FairnessBoard.id)
            .where(FairnessBoard.organisation_id == organisation_id)
            .with_for_update()
        )
        if not _is_due(organisation_id):
            return False
        session.add(
            FairnessReport(
                organisation_id=organisation_id, answers=identified.answers, figures=figures
            )
        )
        return True


def _is_due(organisation_id: uuid.UUID) -> bool:
    last = latest_report(organisation_id)
    if last is not None and now() - last.made_at < MIN_INTERVAL:
        return False
    answers = db.session.scalars(
        select(func.count())
        .select_from(SelfIdentification)
        .where(SelfIdentification.organisation.in_(organisation_hashes(organisation_id)))
    ).one()
    return abs(answers - (last.answers if last else 0)) >= MIN_NEW_ANSWERS
