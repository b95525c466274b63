"""Posts that no page of ours sends: refused or flagged, and never a better score."""

import json

import pytest

from eqsr.invitations.models import InvitationState
from tests.sittings import gaming
from tests.sittings import sitting as sit

pytestmark = pytest.mark.one_database

GAME = "switching"


@pytest.fixture
def person(client, world):
    person = sit.invite(world, assessment=GAME)
    gaming.begin(client, person)
    return person


@pytest.fixture
def given(person):
    return gaming.responses(person, GAME)


def quality(person) -> dict[str, dict]:
    with person.app.app_context():
        return {flag["code"]: flag for flag in gaming.sitting(person, GAME).quality}


def readable(person) -> set[bool]:
    return {one.outcome["interpretable"] for one in sit.scores(person)}


BAD = (
    {"score": 10},
    {"correct": True},
    {"sten": 9},
    {"response_ms": "fast"},
    {"response_ms": -5},
    {"response_ms": float("nan")},
    {"shown_at": 1e12},
    {"load": "x" * 65},
    {"load": "a\x00b"},
    {"trial_number": 9999},
    {"trial_number": "1"},
    {"trial_number": None},
    {"trial_number": 10**400},
    {"response_ms": 10**400},
    {"response": "x" * 3000},
    {"response": json.loads("[" * 500 + "]" * 500)},
    {"response": [float("inf")]},
    {"timed_out": 1},
)


def test_one_bad_response_and_nothing_of_the_post_is_kept(client, person, given):
    for more in BAD:
        answer = gaming.send(client, person, GAME, [given[0], given[1] | more])
        assert answer.status_code == 422, more
        assert answer.json["sentence"]
    assert gaming.stored(person, GAME) == []


NO_POSTS = (
    b"",
    b"score=10",
    b"[]",
    b"3",
    b'{"responses": {}}',
    b'{"responses": [], "score": 3}',
    b'{"responses": [7]}',
    b'{"responses": [{"response": 1}]}',
    b"[" * 50_000,
    b'"\xff"',
)


def test_what_is_no_post_of_a_page(client, person):
    headers = {"Content-Type": "application/json"}
    for body in NO_POSTS:
        answer = client.post(f"{gaming.game(person, GAME)}/trials", data=body, headers=headers)
        assert answer.status_code in (400, 422), body[:20]
    assert gaming.stored(person, GAME) == []


def test_more_than_forty_at_a_time(client, person, given):
    assert gaming.send(client, person, GAME, given[:41]).status_code == 422
    assert gaming.send(client, person, GAME, given[:40]).json == {"stored": 40}


def test_the_same_again_changes_nothing(client, person, given):
    for _ in range(3):
        assert gaming.send(client, person, GAME, given[:20]).json == {"stored": 20}
    gaming.send_all(client, person, GAME, given)
    assert len(gaming.stored(person, GAME)) == len(given)
    gaming.finish(client, person, GAME)
    assert quality(person) == {} and readable(person) == {True}


def test_a_later_round_does_not_count_before_its_time(client, person, given):
    later = [one for one in given if one["trial_number"] > 60]
    gaming.send(client, person, GAME, later[:20])
    shown = gaming.state(client, person, GAME)
    assert shown["answered"] == 0
    assert shown["trials"][0]["trial_number"] == 1


def test_second_answers_do_not_count_and_are_flagged(client, person, given):
    wrong = gaming.responses(person, GAME, lambda trial: trial.number > 3)
    gaming.send_all(client, person, GAME, wrong[:30])
    gaming.send(client, person, GAME, given[:3])
    gaming.send_all(client, person, GAME, wrong[30:])
    gaming.finish(client, person, GAME)
    assert quality(person)["refused"]["value"] == 3
    assert readable(person) == {False}


def test_times_that_can_not_be_are_flagged_and_make_no_low_score(client, person):
    fast = gaming.responses(person, GAME, response_ms=1, shown_at=100)
    gaming.send_all(client, person, GAME, fast)
    gaming.finish(client, person, GAME)
    assert {"impossible_times", "too_fast"} <= quality(person).keys()
    for one in sit.scores(person):
        assert (one.outcome["interpretable"], one.outcome["raw_low"]) == (False, None)


def test_a_program_that_answers_at_once_and_pretends_to_have_thought(client, world):
    person = sit.invite(world, assessment=GAME)
    sit.press(client, person.path, f"{person.path}/start")
    gaming.play(client, person, GAME)
    assert quality(person)["impossible_times"]["void"]
    assert readable(person) == {False}


def test_there_is_an_end_to_what_is_kept(client, person, given):
    posts = ["left", "right", "up", "down"]
    codes = {
        gaming.send(
            client, person, GAME, [one | {"response": answer} for one in given[first : first + 40]]
        ).status_code
        for answer in posts
        for first in range(0, len(given), 40)
    }
    assert codes == {200, 422}
    assert len(gaming.stored(person, GAME)) <= 3 * len(given)


def test_an_end_before_the_end(client, person, given):
    gaming.send_all(client, person, GAME, given[:-1])
    refused = gaming.finish(client, person, GAME)
    assert refused.status_code == 422
    assert "something left to play" in refused.json["sentence"]
    for address in ("finish", "finish?part=switching"):
        client.post(f"{person.path}/{address}", data={"missing": "0"})
    assert sit.scores(person) == []
    assert sit.invitation(person).state == InvitationState.STARTED


def test_after_the_end_nothing_is_taken(client, person, given):
    gaming.send_all(client, person, GAME, given)
    for _ in range(2):
        assert gaming.finish(client, person, GAME).json["finished"] is True
    late = gaming.send(client, person, GAME, given[:1])
    assert late.status_code == 410
    assert "finished already" in late.json["sentence"]
    assert len(sit.scores(person)) == 2
    assert sit.told(person).count("sitting_finished") == 1


def test_a_withdrawn_sitting_says_so(client, person, given):
    sit.change(person, state=InvitationState.CANCELLED)
    for answer in (
        client.get(f"{gaming.game(person, GAME)}/state"),
        gaming.send(client, person, GAME, given[:1]),
        gaming.finish(client, person, GAME),
    ):
        assert answer.status_code == 410
        assert "withdrawn" in answer.json["sentence"]


def test_a_game_that_was_not_started_and_one_that_is_not_asked_for(client, world):
    person = sit.invite(world, assessment="work-style+ferry")
    address = gaming.game(person, "ferry")
    assert client.get(address).location == person.path
    assert client.get(f"{address}/state").status_code == 410
    assert gaming.send(client, person, "ferry", []).status_code == 410
    assert gaming.finish(client, person, "ferry").status_code == 410
    for other in ("matrix", "no-such-game"):
        assert client.get(f"{gaming.game(person, other)}/state").status_code == 404
    gaming.begin(client, person)
    assert client.get(f"{gaming.game(person, 'work-style')}/state").status_code == 410
    assert client.get(gaming.game(person, "work-style")).location == person.path


def test_an_old_page_does_not_answer_for_another_part(client, world):
    """A page of the first questionnaire is still open when the second one is underway."""
    person = sit.invite(world, assessment="work-style+work-style-long")
    sit.answer_all(client, person)
    sit.press(client, f"{person.path}/finish", f"{person.path}/finish", part="work-style")
    gaming.begin(client, person)
    late = sit.send(client, person, part="work-style", item=1, value=1)
    assert late.status_code == 410
    client.post(f"{person.path}/questions/1", data={"part": "work-style", "item-2": "1"})
    client.post(f"{person.path}/finish", data={"part": "work-style", "missing": "108"})
    assert sit.send(client, person, part="work-style-long", item=3, value=2).json["answered"] == 1
    assert {one.value for one in sit.stored(person).values()} >= {2}
    assert sit.invitation(person).state == InvitationState.STARTED
