"""Erase what is past its retention period, by the clock."""

import logging
import uuid
from collections.abc import Callable

from sqlalchemy import select

from eqsr.accounts.models import Organisation
from eqsr.core.db import db, transaction
from eqsr.extras.privacy import person_redaction, retention_queries
from eqsr.extras.privacy.anonymisation import locked_candidate
from eqsr.extras.privacy.erasure import erase

log = logging.getLogger(__name__)

# Results per organisation that one scheduled run erases; the next run continues.
ERASURE_BATCH = 200


def erase_over(size: int = ERASURE_BATCH) -> int:
    """Erase results whose retention has ended; return how many were erased.

    Each has a transaction of its own, so one failure does not stop the others and the next run
    continues after a crash. Candidates who were never invited lose name and address after the
    same period.
    """
    organisations = db.session.scalars(select(Organisation)).all()
    due = [one for each in organisations for one in retention_queries.batch(each, size)]
    erased = sum(_tried(erase, one) for one in due)
    for each in organisations:
        for candidate_id in retention_queries.never_invited(each, size):
            _tried(_forget, candidate_id)
    return erased


def _forget(candidate_id: uuid.UUID) -> None:
    """Erase the name and address of a candidate without results."""
    with transaction():
        person_redaction.person(locked_candidate(candidate_id))


def _tried(verb: Callable[[uuid.UUID], bool | None], subject_id: uuid.UUID) -> bool:
    try:
        return bool(verb(subject_id))
    except Exception:
        log.exception("could not be erased", extra={"subject": str(subject_id)})
        return False
