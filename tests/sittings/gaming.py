"""Plays the games of a sitting by HTTP, as a page's script would."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from eqsr.core.db import db, transaction
from eqsr.instruments.tasks import Trial
from eqsr.sittings import score_store
from eqsr.sittings.models import Sitting, TrialResponse
from eqsr.sittings.records import instrument_of
from tests.instruments import players
from tests.sittings import sitting as sit
from tests.sittings.sitting import Person

DEVICE = {"pixel_ratio": 2, "refresh_hz": 60, "pointer": "coarse", "width": 390, "height": 844}


def game(person: Person, game_id: str) -> str:
    """The address of a game of the person's sitting."""
    return f"{person.path}/tasks/{game_id}"


def begin(browser: FlaskClient, person: Person, **fields) -> TestResponse:
    """Press Start, long enough ago for all that is then said to have been played."""
    answer = sit.press(browser, person.path, f"{person.path}/start", **fields)
    long_ago(person)
    return answer


def long_ago(person: Person) -> None:
    """Whatever is underway was started an hour earlier."""
    with person.app.app_context(), transaction() as session:
        for one in session.scalars(
            select(Sitting).where(
                Sitting.invitation_id == person.invitation, Sitting.finished_at.is_(None)
            )
        ):
            one.started_at -= timedelta(hours=1)


def sitting(person: Person, instrument_id: str) -> Sitting:
    """As it is stored now, with its trials loaded."""
    query = select(Sitting).where(
        Sitting.invitation_id == person.invitation, Sitting.instrument == instrument_id
    )
    found = db.session.scalars(query.execution_options(populate_existing=True)).one()
    assert found.trials is not None
    return found


def responses(
    person: Person, game_id: str, right: Callable[[Trial], bool] = lambda trial: True, **changes
) -> list[dict[str, Any]]:
    """What a person would send from the first trial to the last."""
    with person.app.app_context():
        found = sitting(person, game_id)
        instrument, trials = instrument_of(found), score_store.trials_of(found)
    given = players.play(instrument, trials, right, **changes)
    return [one.to_dict() for one in given]


def send(
    browser: FlaskClient, person: Person, game_id: str, given: Sequence[dict[str, Any]]
) -> TestResponse:
    return browser.post(f"{game(person, game_id)}/trials", json={"responses": list(given)})


def send_all(browser: FlaskClient, person: Person, game_id: str, given) -> None:
    for first in range(0, len(given), 40):
        answer = send(browser, person, game_id, given[first : first + 40])
        assert answer.status_code == 200, answer.text


def state(browser: FlaskClient, person: Person, game_id: str) -> dict[str, Any]:
    answer = browser.get(f"{game(person, game_id)}/state")
    assert answer.status_code == 200, answer.text
    return answer.json


def finish(browser: FlaskClient, person: Person, game_id: str, device=None) -> TestResponse:
    address = f"{game(person, game_id)}/finish"
    return browser.post(address, json={"device": device or DEVICE})


def play(browser: FlaskClient, person: Person, game_id: str, right=lambda trial: True) -> None:
    """From the first trial to the end of the part."""
    send_all(browser, person, game_id, responses(person, game_id, right))
    assert finish(browser, person, game_id).status_code == 200


def stored(person: Person, game_id: str) -> list[TrialResponse]:
    with person.app.app_context():
        query = select(TrialResponse).where(TrialResponse.sitting_id == sitting(person, game_id).id)
        return list(db.session.scalars(query.order_by(TrialResponse.sequence)))


def replayed(person: Person, game_id: str) -> list[dict[str, Any]]:
    """The scores, computed again from what is stored."""
    with person.app.app_context():
        result = score_store.result_of(sitting(person, game_id))
        return [sit.as_stored(one) for one in result.scales]
