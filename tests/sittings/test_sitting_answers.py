"""Each answer as it is given: what is kept, what is refused, and who wins."""

import threading

import pytest
from sqlalchemy import select

from eqsr.core.db import db
from eqsr.core.messages import UserError
from eqsr.instruments import scoring
from eqsr.invitations.models import InvitationState
from eqsr.sittings import answering, finishing, service
from eqsr.sittings.models import Sitting
from eqsr.sittings.standing import Closed
from tests.sittings import sitting as sit


@pytest.fixture
def person(client, world):
    found = sit.invite(world)
    sit.start(client, found)
    return found


@pytest.fixture
def sitting_id(app, person):
    return _sitting_id(app, person)


def test_an_answer_is_kept_with_its_time(client, person):
    answer = sit.send(client, person, item=1, value=4, response_ms=2345)
    assert answer.json == {"answered": 1, "total": 50}
    assert sit.stored(person)[1].response_ms == 2345


def test_an_answer_given_again_replaces_the_old_one(client, person):
    sit.send(client, person, item=1, value=4, response_ms=2345)
    first = sit.stored(person)[1]
    sit.send(client, person, item=1, value=4, response_ms=9)
    assert sit.stored(person)[1].response_ms == 2345
    sit.send(client, person, item=1, value=2, response_ms=1000)
    changed = sit.stored(person)[1]
    assert (changed.value, changed.response_ms) == (2, 1000)
    assert changed.answered_at > first.answered_at


@pytest.mark.parametrize(
    "fields",
    [
        {"item": "1", "value": "9"},
        {"item": "1", "value": "0"},
        {"item": "1", "value": "-1"},
        {"item": "51", "value": "3"},
        {"item": "0", "value": "3"},
        {"item": "1"},
        {"value": "3"},
        {"item": "1; drop table answer", "value": "3"},
        {"item": "1", "value": "3.5"},
        {"item": "１", "value": "3"},
        {"item": "9" * 400, "value": "3"},
    ],
)
def test_an_answer_that_can_not_be_is_refused(client, person, fields):
    answer = sit.send(client, person, **fields)
    assert answer.status_code == 400
    assert answer.json["sentence"].endswith("try again.")
    assert sit.stored(person) == {}


@pytest.mark.parametrize("time", ["-5", "", "NaN", "1e9", "86400001", "99999999999999999999", "x"])
def test_a_time_that_can_not_be_does_not_cost_the_answer(client, person, time):
    assert sit.send(client, person, item=1, value=4, response_ms=time).status_code == 200
    assert sit.stored(person)[1].value == 4
    assert sit.stored(person)[1].response_ms is None


def test_a_fraction_of_a_millisecond_is_dropped(client, person):
    sit.send(client, person, item=1, value=4, response_ms="812.6999")
    assert sit.stored(person)[1].response_ms == 812


def test_a_page_with_one_bad_answer_keeps_none_of_it(client, person):
    answer = sit.answer_page(client, person, 1, {1: 3, 2: 7})
    assert answer.status_code == 400
    assert sit.stored(person) == {}


def test_answers_of_other_pages_are_not_taken_from_a_page(client, person):
    address = f"{person.path}/questions/1"
    sit.press(client, address, address, **{"item-6": "3", "item-1": "3"})
    assert set(sit.stored(person)) == {1}


def test_another_person_s_sitting_is_out_of_reach(app, client, person, world):
    other = sit.invite(world, first="Bo", last="Ek")
    sit.start(client, other)
    sit.send(client, person, item=1, value=4, sitting=str(_sitting_id(app, other)))
    assert sit.stored(other) == {}
    assert sit.stored(person)[1].value == 4


def test_an_old_page_does_not_undo_a_newer_answer(app, client, person):
    """The laptop shows item 1 unanswered or as 2; the phone says 5; the laptop goes on."""
    sit.send(client, person, item=1, value=2)
    address = f"{person.path}/questions/1"
    old_page = client.get(address).text
    assert '<input type="hidden" name="was-1" value="2">' in old_page
    phone = app.test_client()
    sit.send(phone, person, item=1, value=5)
    sit.press(client, address, address, **{"item-1": "2", "was-1": "2", "item-2": "4"})
    assert sit.stored(person)[1].value == 5
    assert sit.stored(person)[2].value == 4


def test_the_page_s_own_times_are_kept(client, person):
    address = f"{person.path}/questions/1"
    sit.press(client, address, address, **{"item-1": "2", "was-1": "", "ms-1": "1500"})
    assert sit.stored(person)[1].response_ms == 1500


def test_answers_from_two_devices_at_once_are_all_kept(app, person, sitting_id):
    """Each device answers its own items and both answer item 1; the last word is one of theirs."""

    def device(items, value):
        with app.app_context():
            for item in items:
                answering.answer(sitting_id, {item: scoring.ItemResponse(value)})

    _at_once(lambda: device([1, *range(2, 26)], 2), lambda: device([*range(26, 51), 1], 4))
    kept = {item: row.value for item, row in sit.stored(person).items()}
    assert kept.pop(1) in (2, 4)
    assert kept == {item: 2 if item < 26 else 4 for item in range(2, 51)}


def test_starting_twice_at_once_makes_one_sitting(app, client, world):
    person = sit.invite(world)

    def device():
        with app.app_context():
            service.start(person.invitation)

    assert _at_once(device, device, device) == []
    _sitting_id(app, person)  # raises if there are two
    assert sit.told(person).count("sitting_started") == 1


def test_finishing_twice_at_once_completes_once(app, client, person, sitting_id, work):
    sit.answer_all(client, person)

    def device():
        with app.app_context():
            finishing.finish(sitting_id)

    assert _at_once(device, device, device, device) == []
    assert len(sit.scores(person)) == 5
    assert sit.told(person).count("sitting_finished") == 1
    assert sit.told(person).count("scored") == 1
    assert len(work.rows("write_back")) == 1


def test_an_answer_that_races_with_the_end_is_scored_or_refused(app, client, person, sitting_id):
    sit.answer_all(client, person, sit.HONEST | {1: 1})
    refused = []

    def late_answer():
        with app.app_context():
            try:
                answering.answer(sitting_id, {1: scoring.ItemResponse(5)})
            except Closed:
                refused.append(True)

    def the_end():
        with app.app_context():
            finishing.finish(sitting_id)

    assert _at_once(late_answer, the_end) == []
    assert sit.stored(person)[1].value == (1 if refused else 5)
    extraversion = next(s for s in sit.scores(person) if s.scale == "extraversion")
    assert extraversion.outcome["raw_sum"] == sum(
        row.value if item in (1, 11, 21, 31, 41) else 6 - row.value
        for item, row in sit.stored(person).items()
        if item % 5 == 1
    )


def test_if_completing_fails_nothing_is_scored(app, client, person, sitting_id, monkeypatch):
    sit.answer_all(client, person)

    def fail(_, by_clock):
        raise RuntimeError("the write-back could not be written down")

    monkeypatch.setattr(service.progress, "completed", fail)
    with app.app_context(), pytest.raises(RuntimeError):
        finishing.finish(sitting_id)
    assert sit.scores(person) == []
    assert sit.invitation(person).state == InvitationState.STARTED
    monkeypatch.undo()
    with app.app_context():
        finishing.finish(sitting_id)
    assert len(sit.scores(person)) == 5


def test_service_refuses_what_no_form_sends(app, person, sitting_id):
    with app.app_context():
        for given in ({51: scoring.ItemResponse(3)}, {1: scoring.ItemResponse(9)}):
            with pytest.raises(UserError):
                answering.answer(sitting_id, given)


def _sitting_id(app, person):
    with app.app_context():
        query = select(Sitting.id).where(Sitting.invitation_id == person.invitation)
        return db.session.scalars(query).one()


def _at_once(*actions):
    """Run the actions in threads that set off together; the errors they raised."""
    barrier = threading.Barrier(len(actions))
    errors = []

    def run(action):
        barrier.wait()
        try:
            action()
        except Exception as error:  # told to the test, which fails on it
            errors.append(error)

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return errors
