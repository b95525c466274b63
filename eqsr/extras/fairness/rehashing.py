"""Hash what candidates answered with the current SECRET_KEY, so that the earlier ones can go."""

import uuid
from collections.abc import Callable

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute

from eqsr.accounts.models import Organisation
from eqsr.candidates.models import Candidate
from eqsr.core.db import db, transaction
from eqsr.extras.fairness.models import SelfIdentification
from eqsr.extras.fairness.pseudonyms import organisation_hashes, person_hashes


def rehash() -> int:
    """Give every answer the hashes of the current key; returns how many had earlier ones.

    Safe to repeat. An answer whose key is not at hand stays as it is.
    """
    renewed = _rehash(SelfIdentification.person, Candidate.id, person_hashes)
    _rehash(SelfIdentification.organisation, Organisation.id, organisation_hashes)
    return renewed


def _rehash(
    column: InstrumentedAttribute[str],
    ids: InstrumentedAttribute[uuid.UUID],
    hashes: Callable[[uuid.UUID], list[str]],
) -> int:
    current: dict[str, str] = {}
    for subject in db.session.scalars(select(ids)):
        first, *earlier = hashes(subject)
        current |= dict.fromkeys(earlier, first)
    stored = db.session.scalars(select(column).distinct()).all()
    stale = [one for one in stored if one in current]
    for one in stale:
        with transaction() as session:
            session.execute(
                update(SelfIdentification).where(column == one).values({column.key: current[one]})
            )
    return len(stale)
