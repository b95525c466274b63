"""What the profile in SmartRecruiters and ours say about games, which have no comparison group."""

from eqsr.core import formats
from eqsr.core.db import db
from eqsr.invitations.models import Invitation
from eqsr.results import summary
from tests.instruments import players
from tests.sittings import gaming
from tests.sittings import sitting as sit

SET = "digit-span+spotting+work-style"


def taken(client, world, assessment=SET):
    person = sit.invite(world, assessment=assessment)
    for part in assessment.split("+"):
        gaming.begin(client, person)
        if part == "work-style":
            for page in range(1, 11):
                sit.answer_page(client, person, page)
            sit.press(client, f"{person.path}/finish", f"{person.path}/finish", part=part)
        else:
            gaming.play(client, person, part, players.mixed(3))
    return person


def note(person) -> str:
    with person.app.app_context():
        return summary.goal(db.session.get_one(Invitation, person.invitation)).note


def test_the_note_says_each_part_and_claims_no_comparison(client, world):
    person = taken(client, world)
    lines = note(person).splitlines()
    assert [line for line in lines if line.endswith(":")] == [
        "Digit span:",
        "Spotting:",
        "Work style:",
    ]
    raw = [line for line in lines if "no comparison group yet" in line]
    assert len(raw) == 2 + 3
    assert raw[0].startswith("Digits in order: ") and " digits (" in raw[0]
    assert sum("of 10, give or take" in line for line in lines) == 5
    assert "None" not in note(person)


def test_the_profile_shows_values_with_their_margin_and_no_sten(client, world):
    person = taken(client, world, "digit-span")
    page = world.log_in(world.alice).get(f"/candidates/{person.candidate}")
    assert page.status_code == 200
    assert "There is no comparison group yet" in page.text
    assert "of 10 (sten)" not in page.text and "None" not in page.text
    assert "20 tasks" in page.text
    for score in sit.scores(person):
        low, high = (formats.number(score.outcome[end], 1) for end in ("raw_low", "raw_high"))
        band = f"({low} to {high})"
        assert page.text.count(band) >= 2  # in the plot and beside its explanation


def test_a_score_that_can_not_be_read_is_said_so_and_not_low(client, world):
    person = sit.invite(world, assessment="switching")
    gaming.begin(client, person)
    fast = gaming.responses(person, "switching", response_ms=1, shown_at=50)
    gaming.send_all(client, person, "switching", fast)
    gaming.finish(client, person, "switching")
    assert note(person).count("not interpretable (see the details)") == 2
    page = world.log_in(world.alice).get(f"/candidates/{person.candidate}").text
    assert "it is not a low score" in page
    assert "of the times cannot be." in page


def test_a_part_that_was_left_out_speaks_against_nobody(client, world):
    person = sit.invite(world, assessment="n-back")
    client.post(f"{gaming.game(person, 'n-back')}/leave")
    assert "Left out by the candidate, which says nothing about them." in note(person)
    page = world.log_in(world.alice).get(f"/candidates/{person.candidate}").text
    assert "The person could not take this game and left it out." in page


def test_extra_time_is_not_told_to_smartrecruiters(client, world):
    person = sit.invite(world, assessment="switching")
    gaming.begin(client, person, time_factor="2")
    gaming.play(client, person, "switching")
    assert "time" not in note(person).lower()
