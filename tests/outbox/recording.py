"""Work of a kind that only records that it was done, and answers as a test wants it to."""

import uuid

from sqlalchemy import select

from eqsr.core.columns import new_id
from eqsr.core.db import db
from eqsr.outbox import service
from eqsr.outbox.handlers import handles
from eqsr.outbox.models import Work
from tests.outbox.kinds import OwnKind

called: list[uuid.UUID] = []
answers: list[Exception | None] = []
given_up: list[str] = []


@handles(OwnKind.RECORDED, attempts=3, on_dead=lambda subject, reason: given_up.append(reason))
def record(subject_id):
    called.append(subject_id)
    answer = answers.pop(0) if answers else None
    if answer:
        raise answer


class Trouble(Exception):
    """Like an error of SmartRecruiters."""

    def __init__(self, **facts):
        super().__init__("trouble")
        for name, value in facts.items():
            setattr(self, name, value)


def put(**options) -> uuid.UUID:
    subject = new_id()
    service.enqueue(OwnKind.RECORDED, subject, **options)
    return row_of(subject).id


def row_of(subject) -> Work:
    found = db.session.scalar(select(Work).where(Work.subject_id == subject))
    db.session.commit()
    return found


def row(work_id) -> Work:
    found = db.session.get(Work, work_id, populate_existing=True)
    db.session.commit()
    return found
