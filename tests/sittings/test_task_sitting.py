"""Games in the sitting, over HTTP: from the link to the scores, cut off anywhere."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from eqsr.core.db import db
from eqsr.instruments import catalogue, tasks
from eqsr.invitations.models import InvitationState
from eqsr.sittings import device_facts, playing, score_store
from eqsr.sittings.models import Sitting
from eqsr.web import pages
from tests.instruments import players
from tests.sittings import gaming
from tests.sittings import sitting as sit

GAMES = [one.id for one in players.TASKS]
EVERY_GAME = pytest.mark.parametrize("game", GAMES)


@EVERY_GAME
def test_a_game_from_the_link_to_its_scores(client, world, game):
    person = sit.invite(world, assessment=game)
    landing = client.get(person.path).text
    assert "invites you to a short assessment" in landing
    for sentence in catalogue.instrument(game).accessibility:
        assert sentence.replace("'", "&#39;") in landing
    address = gaming.game(person, game)
    assert gaming.begin(client, person).location == address
    page = client.get(address).text
    assert f'data-endpoint="{address}"' in page
    first = gaming.state(client, person, game)
    assert (first["answered"], first["finished"], first["next"]) == (0, False, person.path)
    gaming.play(client, person, game, players.mixed(4))
    assert gaming.state(client, person, game)["finished"] is True
    assert client.get(address).location == person.path
    thanks = client.get(person.path, follow_redirects=True)
    assert thanks.request.path == f"{person.path}/done"
    assert "tasks done" in thanks.text

    scores = sit.scores(person)
    assert {(one.norm_id, one.norm_version) for one in scores} == {("none", "0")}
    assert all(one.outcome["interpretable"] for one in scores)
    outcomes = {one.scale: one.outcome for one in scores}
    assert outcomes == {one["scale"]: one for one in gaming.replayed(person, game)}
    assert sit.invitation(person).state == InvitationState.COMPLETED
    assert sit.told(person)[-2:] == ["sitting_finished", "scored_without_norm"]


def test_several_parts_in_one_sitting(app, client, world, work):
    person = sit.invite(world, assessment="ferry+work-style+spotting")
    landing = client.get(person.path).text
    assert "About 26 minutes in all" in landing
    assert [landing.index(name) for name in ("Ferry", "Work style", "Spotting")] == sorted(
        landing.index(name) for name in ("Ferry", "Work style", "Spotting")
    )
    gaming.begin(client, person)
    gaming.play(client, person, "ferry")
    between = client.get(person.path).text
    assert "Part 2 of 3" in between and "About 14 minutes left" in between
    assert sit.invitation(person).state == InvitationState.STARTED
    assert gaming.begin(client, person).location == f"{person.path}/questions"
    for page in range(1, 11):
        sit.answer_page(client, person, page)
    assert "Welcome back" in app.test_client().get(person.path).text
    review = f"{person.path}/finish"
    assert sit.press(client, review, review, part="work-style").location == person.path
    assert "Part 3 of 3" in client.get(person.path).text
    gaming.begin(client, person)
    gaming.play(client, person, "spotting")
    assert client.get(person.path).location == f"{person.path}/done"
    thanks = client.get(f"{person.path}/done").text
    for said in ("9 tasks done", "50 of 50 questions answered", "72 tasks done"):
        assert said in thanks
    assert len(sit.scores(person)) == 2 + 5 + 3
    assert sit.invitation(person).state == InvitationState.COMPLETED
    assert sit.told(person).count("sitting_started") == 1
    assert sit.told(person).count("sitting_finished") == 1
    assert len(work.rows("write_back")) == 1


def test_facets_of_the_long_questionnaire_are_scored_too(client, world):
    person = sit.invite(world, assessment="work-style-long")
    assert "108 short questions" in client.get(person.path).text
    gaming.begin(client, person)
    for item in catalogue.instrument("work-style-long").items:
        answer = sit.send(client, person, item=item.number, value=1 + item.number % 5)
        assert answer.status_code == 200
    sit.press(client, f"{person.path}/finish", f"{person.path}/finish", part="work-style-long")
    instrument = catalogue.instrument("work-style-long")
    scales = [*instrument.scales, *instrument.facets]
    assert {one.scale for one in sit.scores(person)} == {one.id for one in scales}


@EVERY_GAME
def test_a_game_that_is_cut_off_at_any_trial_goes_on_there(game):
    """Whatever was sent until then, through JSON and back as a database keeps it."""
    instrument = catalogue.instrument(game)
    trials = tasks.generate(instrument, 11)
    whole = players.play(instrument, trials, players.mixed(11))
    expected = tasks.score(instrument, trials, whole)
    for cut in range(len(whole) + 1):
        kept = [tasks.Response(**json.loads(json.dumps(r.to_dict()))) for r in whole[:cut]]
        shown = tasks.state(instrument, trials, kept, 11)
        assert shown["answered"] == cut
        open_trials = [one["trial_number"] for one in shown["trials"]]
        rest = [response.trial_number for response in whole[cut:]]
        assert open_trials == rest[: len(open_trials)]
        assert bool(open_trials) == bool(rest)
    assert tasks.score(instrument, trials, [*kept, *whole[cut:]]) == expected


def test_another_device_goes_on_where_the_first_one_stopped(app, client, world):
    person = sit.invite(world, assessment="block-span")
    gaming.begin(client, person)
    given = gaming.responses(person, "block-span")
    for number, one in enumerate(given):
        phone = app.test_client()
        assert (
            gaming.state(phone, person, "block-span")["trials"][0]["trial_number"]
            == (one["trial_number"])
        )
        landing = phone.get(person.path).text
        assert "Welcome back" in landing
        assert gaming.send(phone, person, "block-span", [one]).json == {"stored": number + 1}
    assert gaming.finish(client, person, "block-span").json["finished"] is True


def test_nothing_of_the_key_is_told_before_the_end(client, world):
    person = sit.invite(world, assessment="matrix")
    gaming.begin(client, person)
    shown = gaming.state(client, person, "matrix")
    assert all("answer" not in trial and "key" not in trial for trial in shown["trials"])
    assert {trial["round"] for trial in shown["trials"]} == {1}
    assert all("answer" in trial for trial in shown["practice"])
    with person.app.app_context():
        counting = {json.dumps(t["show"]) for t in gaming.sitting(person, "matrix").trials}
    kept = ("trial_number", "round", "limit_ms", "answer", "rules")
    for trial in shown["practice"]:
        assert json.dumps({k: v for k, v in trial.items() if k not in kept}) not in counting


def test_extra_time_is_given_for_the_asking_and_stays(client, world):
    person = sit.invite(world, assessment="switching+matrix+ferry")
    landing = client.get(person.path).text
    assert "Do you need more time?" in landing
    assert "It makes a difference in: Changing rules, Patterns." in landing
    gaming.begin(client, person, time_factor="1.5")
    trial = gaming.state(client, person, "switching")["trials"][0]
    tried = gaming.state(client, person, "switching")["practice"][0]
    assert (trial["limit_ms"], tried["limit_ms"]) == (6000, 6000)
    gaming.play(client, person, "switching")
    assert 'value="1.5" checked' in client.get(person.path).text
    client.post(f"{person.path}/start")
    assert gaming.state(client, person, "matrix")["trials"][0]["limit_ms"] == 135_000
    gaming.play(client, person, "matrix")
    assert "Do you need more time?" not in client.get(person.path).text
    with person.app.app_context():
        assert gaming.sitting(person, "matrix").time_factor == 1.5


def test_extra_time_is_not_asked_for_where_the_answer_would_be_lost(client, world):
    """A part that is underway has its time; the next one asks when its turn comes."""
    person = sit.invite(world, assessment="work-style+matrix")
    assert "Do you need more time?" in client.get(person.path).text
    gaming.begin(client, person)
    assert "Do you need more time?" not in client.get(person.path).text
    sit.answer_all(client, person)
    sit.press(client, f"{person.path}/finish", f"{person.path}/finish", part="work-style")
    assert "Do you need more time?" in client.get(person.path).text


def test_what_was_completed_without_being_taken_here_is_no_error(client, world):
    """Its result came from another platform, and the job is taken here again since."""
    person = sit.invite(world, assessment="matrix")
    sit.change(person, state=InvitationState.COMPLETED)
    assert client.get(f"{person.path}/done").status_code == 200
    assert client.get(f"{gaming.game(person, 'matrix')}/state").status_code == 410
    assert client.get(gaming.game(person, "matrix")).location == person.path


@pytest.mark.parametrize("factor", ["3", "0.5", "nan", "x", "-1"])
def test_there_is_no_other_extra_time(client, world, factor):
    person = sit.invite(world, assessment="matrix")
    answer = client.post(f"{person.path}/start", data={"time_factor": factor})
    assert answer.status_code == 400
    assert "Choose how much time you need" in answer.text
    assert sit.invitation(person).state == InvitationState.SENT


def test_a_questionnaire_has_no_time_to_ask_for(client, world):
    assert "more time?" not in client.get(sit.invite(world).path).text


def test_a_game_that_somebody_can_not_take_is_left_out_and_never_low(client, world):
    person = sit.invite(world, assessment="block-span+work-style")
    assert "Leave this game out" in client.get(person.path).text
    address = f"{gaming.game(person, 'block-span')}/leave"
    assert sit.press(client, person.path, address).location == person.path
    between = client.get(person.path).text
    assert "Left out" in between and "Part 2 of 2" in between
    (score,) = sit.scores(person)
    assert (score.outcome["interpretable"], score.outcome["raw"]) == (False, None)
    with person.app.app_context():
        left = gaming.sitting(person, "block-span")
        assert [flag["code"] for flag in left.quality] == ["left_out"]
    assert [score.outcome] == gaming.replayed(person, "block-span")
    assert client.post(address).location == person.path
    assert len(sit.scores(person)) == 1


def test_only_the_game_that_is_next_can_be_left_out(client, world):
    person = sit.invite(world, assessment="work-style+block-span")
    client.post(f"{gaming.game(person, 'block-span')}/leave")
    refused = client.post(f"{gaming.game(person, 'work-style')}/leave")
    assert refused.status_code == 400
    assert sit.invitation(person).state == InvitationState.SENT
    assert sit.scores(person) == []


def test_a_half_played_game_that_is_left_out_has_no_score(client, world):
    person = sit.invite(world, assessment="spotting")
    gaming.begin(client, person)
    gaming.send_all(client, person, "spotting", gaming.responses(person, "spotting")[:60])
    client.post(f"{gaming.game(person, 'spotting')}/leave")
    assert [one.outcome["interpretable"] for one in sit.scores(person)] == [False] * 3
    assert len(gaming.stored(person, "spotting")) == 60


def test_the_language_is_the_candidate_s_choice(client, world, monkeypatch):
    monkeypatch.setattr(pages, "LANGUAGES", ("en", "nl"))
    person = sit.invite(world, assessment="ferry")
    assert 'lang="en"' in client.get(person.path).text
    assert sit.press(client, person.path, f"{person.path}/language", language="nl").location
    page = client.get(person.path).text
    assert 'lang="nl"' in page and "Nederlands" in page
    client.post(f"{person.path}/language", data={"language": "tlh"})
    assert sit.invitation(person).language == "nl"


def test_what_the_device_says_is_kept_as_far_as_it_makes_sense():
    told = gaming.DEVICE | {"reduced_motion": True}
    nonsense = {"width": 10**9, "refresh_hz": float("nan"), "pointer": "laser", "owner": "Ada"}
    assert device_facts.device_facts(told) == told
    assert "width" not in device_facts.device_facts(told | {"width": 10**400})
    assert device_facts.device_facts(told | nonsense) == {
        "pixel_ratio": 2,
        "height": 844,
        "reduced_motion": True,
    }
    for nothing in (None, [], "phone", 3):
        assert device_facts.device_facts(nothing) == {}


def test_posts_from_two_pages_at_once_are_kept_once(app, client, world):
    person = sit.invite(world, assessment="switching")
    gaming.begin(client, person)
    given = gaming.responses(person, "switching")[:30]
    with app.app_context():
        sitting_id = gaming.sitting(person, "switching").id

    def page():
        with app.app_context():
            playing.receive(sitting_id, {"responses": given})

    threads = [threading.Thread(target=page) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    kept = gaming.stored(person, "switching")
    assert [one.trial_number for one in kept] == [one["trial_number"] for one in given]
    assert [one.sequence for one in kept] == list(range(1, 31))


def test_a_game_left_out_twice_at_once_leads_on_both_times(app, client, world):
    person = sit.invite(world, assessment="spotting+matrix")
    ready = threading.Barrier(3)

    def press(_number):
        ready.wait(60)
        return app.test_client().post(f"{gaming.game(person, 'spotting')}/leave").location

    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(press, range(3))) == {person.path}
    assert [one.outcome["interpretable"] for one in sit.scores(person)] == [False] * 3


def test_scoring_again_from_the_store_gives_the_same(client, world):
    person = sit.invite(world)
    sit.answer_all(client, person)
    sit.press(client, f"{person.path}/finish", f"{person.path}/finish", part="work-style")
    with person.app.app_context():
        found = sit.scores(person)[0].sitting_id
        again = score_store.result_of(db.session.get_one(Sitting, found))
        assert {one.scale: sit.as_stored(one) for one in again.scales} == {
            one.scale: one.outcome for one in sit.scores(person)
        }
