"""Storing the answers to a questionnaire."""

import uuid
from collections.abc import Mapping

from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.messages import UserError
from eqsr.instruments import scoring
from eqsr.instruments.catalogue import Instrument
from eqsr.sittings.models import Answer
from eqsr.sittings.records import answers_of, instrument_of
from eqsr.sittings.standing import open_sitting

# A day. A longer time means that the clock was changed or the page slept, so it is not stored.
MAX_RESPONSE_MS = 86_400_000


def answer(sitting_id: uuid.UUID, given: Mapping[int, scoring.ItemResponse]) -> int:
    """Store answers (item number -> answer); a new answer to an item replaces the old one.

    Answers from two devices wait for each other, so the last one counts and none is lost. Returns
    how many items are answered now. Raises UserError for an item or a value that the instrument
    does not have, and Closed once the sitting is over; then nothing is stored.
    """
    with transaction() as session:
        sitting = open_sitting(session, sitting_id)
        _check(instrument_of(sitting), given)
        stored = answers_of(sitting)
        for item, new in given.items():
            old = stored.get(item)
            if old is None:
                session.add(_row(sitting_id, item, new))
            elif old.value != new.value:
                old.value = new.value
                old.response_ms = _plausible(new.response_ms)
                old.answered_at = now()
        return len(stored.keys() | given.keys())


def _check(instrument: Instrument, given: Mapping[int, scoring.ItemResponse]) -> None:
    items = {item.number for item in instrument.items}
    values = {option.value for option in instrument.options}
    if not given.keys() <= items or not {new.value for new in given.values()} <= values:
        raise UserError(
            "That answer does not belong to this questionnaire. Reload the page and try again."
        )


def _row(sitting_id: uuid.UUID, item: int, new: scoring.ItemResponse) -> Answer:
    return Answer(
        sitting_id=sitting_id,
        item=item,
        value=new.value,
        response_ms=_plausible(new.response_ms),
    )


def _plausible(response_ms: int | None) -> int | None:
    known = response_ms is not None and 0 <= response_ms <= MAX_RESPONSE_MS
    return response_ms if known else None
