"""Playing a game to its end, or to somewhere before it."""

import time
import uuid
from typing import Any

from eqsr.core.db import db, end_read
from eqsr.sittings import playing, score_store
from eqsr.sittings.models import Sitting
from eqsr.sittings.records import instrument_of
from tests.instruments import players

# As many responses as a page posts at once.
POSTED = 20


def play(sitting_id: uuid.UUID, share: float, chance: Any) -> bool:
    """Play this share of a game, in the time that it takes a person; True if it is finished."""
    sitting = db.session.get_one(Sitting, sitting_id)
    stored = len(playing.state(sitting)["trials"]) and playing.state(sitting)["answered"]
    given = players.play(
        instrument_of(sitting), score_store.trials_of(sitting), lambda trial: chance.random() < 0.7
    )
    given = given[stored : max(1, int(len(given) * share))]
    end_read()
    for first in range(0, len(given), POSTED):
        part = given[first : first + POSTED]
        time.sleep(sum((one.response_ms or 0) / 1000 + 1 for one in part))
        playing.receive(sitting_id, {"responses": [one.to_dict() for one in part]})
    if share < 1:
        return False
    playing.finish(sitting_id)
    return True
