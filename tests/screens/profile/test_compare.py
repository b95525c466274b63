"""Candidates of one job side by side, and the list in the order of a scale."""

import re
import uuid
from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import select

from eqsr.activity.models import AuditEntry
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.instruments import catalogue, tasks
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.sittings.models import Score, Sitting
from tests.instruments.players import play
from tests.page_text import text_of
from tests.screens.profile.several import CARELESS, answers, completes, make_job
from tests.world import World


@pytest.fixture
def job_id(world: World) -> uuid.UUID:
    return make_job(world)


@pytest.fixture
def people(world, job_id):
    """Zoe is outgoing, Ada reserved, Max in the middle, and Cal answered carelessly."""
    return {
        "Zoe": completes(world, job_id, "Zoe Quist", answers(extraversion=5)),
        "Ada": completes(world, job_id, "Ada Prins", answers(extraversion=1)),
        "Max": completes(world, job_id, "Max Ober", answers(extraversion=3)),
        "Cal": completes(world, job_id, "Cal Loos", CARELESS),
    }


def compared(world, job_id, people, *names, **more):
    query = {"with": [str(people[name].id) for name in names], **more}
    return world.log_in(World.bob).get(f"/jobs/{job_id}/compare", query_string=query)


def scale_of(page, name: str) -> str:
    """The words of one scale's section."""
    section = page.text.split(f">{name}</h2>", 1)[1].split("</section>", 1)[0]
    return " ".join(
        re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", " ", section, flags=re.S)).split()
    )


def test_a_difference_is_said_only_beyond_measurement_error(world, job_id, people):
    page = compared(world, job_id, people, "Zoe", "Ada")
    assert page.status_code == 200
    told = scale_of(page, "Extraversion")
    assert "Zoe Quist lies further towards “Outgoing” than Ada Prins" in told
    for scale in ("Agreeableness", "Conscientiousness", "Imagination/Intellect"):
        assert "No difference beyond measurement error." in scale_of(page, scale)
    assert text_of(page).count("lies further towards") == 1


def test_people_stand_in_the_order_of_their_names_and_no_number_sums_them_up(world, job_id, people):
    page = compared(world, job_id, people, "Zoe", "Max", "Ada")
    told = scale_of(page, "Extraversion")
    table = told.split("As a table", 1)[1]
    assert table.index("Ada Prins") < table.index("Max Ober") < table.index("Zoe Quist")
    assert "rank" not in text_of(page).lower()
    assert "total" not in text_of(page).lower()
    assert "15 pairs of scores" in text_of(page)


def test_the_table_says_what_the_drawing_shows(world, job_id, people):
    told = scale_of(compared(world, job_id, people, "Zoe", "Ada", "Cal"), "Extraversion")
    zoe, ada = told.split("Zoe Quist")[-1], told.split("Ada Prins")[2]
    assert re.search(r"sten 10, give or take: \d+\.\d to 10\.0 Ada Prins", zoe)
    assert re.search(r"sten 1, give or take: 1\.\d to \d\.\d", ada)
    assert "Cal Loos Not interpretable It can't be told" in told


def test_what_speaks_against_comparing_is_said(world, job_id, people):
    told = scale_of(compared(world, job_id, people, "Zoe", "Ada"), "Extraversion")
    assert "The comparison group is made of volunteers on the web" in told.split("As a table")[0]


def game_of(pages: int, time_factor: float) -> tuple[Sitting, Score]:
    """A game of Patterns with so many right."""
    matrix = catalogue.instrument("matrix")
    trials = tasks.generate(matrix, 1, time_factor=time_factor)
    found = tasks.score(matrix, trials, play(matrix, trials, lambda one: one.number <= pages))
    sitting = Sitting(
        instrument=matrix.id,
        instrument_version=matrix.version,
        finished_at=now(),
        time_factor=time_factor,
    )
    (scale,) = found.scales
    norm = {"norm_id": scale.norm_id, "norm_version": scale.norm_version}
    return sitting, Score(scale=scale.scale, outcome=asdict(scale), **norm)


def test_who_had_more_time_is_compared_only_with_those_who_had_as_much(app, world, job_id, people):
    """Zoe found 14 patterns in double time, Ada 2 and Max 15 in the usual one."""
    with app.app_context(), transaction() as session:
        for name, right, factor in (("Zoe", 14, 2), ("Ada", 2, 1), ("Max", 15, 1)):
            sitting, score = game_of(right, factor)
            sitting.invitation_id = people[name].id
            sitting.scores.append(score)
            session.add(sitting)
    told = scale_of(compared(world, job_id, people, "Zoe", "Ada"), "Finding rules")
    assert "Not everybody had the same time for this game." in told
    assert "It can't be told whether they differ." in told
    assert "No difference" not in told and "lies further" not in told
    three = scale_of(compared(world, job_id, people, "Zoe", "Ada", "Max"), "Finding rules")
    assert "Max Ober lies further towards “Several rules at once” than Ada Prins" in three
    assert three.count("lies further") == 1
    assert "It can't be told" in three.split("Zoe Quist")[-1]


def test_with_one_readable_score_nothing_can_be_told(world, job_id, people):
    told = scale_of(compared(world, job_id, people, "Zoe", "Cal"), "Extraversion")
    assert "It can't be told whether they differ." in told
    assert "That is not a low score." in told


def test_two_drawings_per_scale_each_with_a_description(world, job_id, people):
    page = compared(world, job_id, people, "Zoe", "Ada")
    assert page.text.count('role="img" aria-labelledby="work-style-extraversion-') == 2
    assert "Zoe Quist: 10 (" in page.text


@pytest.mark.parametrize(("names", "problem"), [(("Zoe",), True), ((), False)])
def test_too_few_lead_to_the_choice(world, job_id, people, names, problem):
    page = compared(world, job_id, people, *names)
    assert page.text.count('type="checkbox" name="with"') == 4
    assert page.text.count(" checked") == len(names)
    assert ("Choose at least 2 and at most 5 people." in text_of(page)) is problem


def test_more_than_five_are_too_many(world, job_id, people):
    for number in range(3):
        people[str(number)] = completes(world, job_id, f"No {number}", answers())
    page = compared(world, job_id, people, *list(people)[:6])
    assert "at most 5 people" in text_of(page)


def test_the_choice_can_be_searched_and_keeps_who_was_chosen(world, job_id, people):
    page = compared(world, job_id, people, "Max", choose="1", q="quist")
    listed = re.findall(r"<label[^>]*>.*?<bdi>(\w+ \w+)</bdi>", page.text, flags=re.S)
    assert listed == ["Max Ober", "Zoe Quist"]


def test_people_of_another_job_are_not_mixed_in(world, job_id, people):
    other = completes(world, make_job(world, "Other"), "Eve Elsewhere", answers())
    page = compared(world, job_id, people | {"Eve": other}, "Zoe", "Ada", "Eve")
    assert "Eve Elsewhere" not in page.text


def test_strangers_meet_a_404_and_every_look_is_accounted_for(app, world, job_id, people):
    ids = {"with": [str(people["Zoe"].id), str(people["Ada"].id)]}
    stranger = world.log_in(World.charlie)
    assert stranger.get(f"/jobs/{job_id}/compare", query_string=ids).status_code == 404
    compared(world, job_id, people, "Zoe", "Ada")
    with app.app_context():
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "compared"))
        seen = {people[name].application.candidate_id for name in ("Zoe", "Ada")}
        assert {row.subject_id for row in rows} == seen


@pytest.mark.parametrize(
    "garbage",
    ["with=x", "with=%00", "with=&with=", "q=%00", "choose=1&q=%25_%5C", "with=" + "0" * 40],
)
def test_garbage_in_the_address_is_no_error(world, job_id, people, garbage):
    assert world.log_in(World.bob).get(f"/jobs/{job_id}/compare?{garbage}").status_code == 200


def listed(world, job_id, sort: str):
    return world.log_in(World.bob).get(f"/jobs/{job_id}?sort={sort}")


def table_of(page) -> str:
    return page.text.split("<tbody>", 1)[1].split("</tbody>", 1)[0]


def test_the_list_in_the_order_of_a_scale_from_either_end(world, job_id, people):
    def order(end):
        page = listed(world, job_id, f"score.work-style.extraversion.{end}")
        return re.findall(r"<bdi>(\w+) \w+</bdi>", table_of(page))

    assert order("high") == ["Zoe", "Max", "Ada"]
    assert order("low") == ["Ada", "Max", "Zoe"]


def test_the_current_score_counts_whatever_the_clock_said(world, job_id, people):
    """Zoe's answers were scored again, by a machine whose clock was behind: reserved, like Ada."""
    with world.app.app_context(), transaction() as session:
        query = select(Score).join(Sitting).where(Score.scale == "extraversion")
        zoe, ada = (
            session.scalars(query.where(Sitting.invitation_id == people[name].id)).one()
            for name in ("Zoe", "Ada")
        )
        zoe.is_current = False
        session.flush()
        facts = {"norm_id": ada.norm_id, "norm_version": ada.norm_version, "outcome": ada.outcome}
        before = zoe.created_at - timedelta(hours=1)
        session.add(
            Score(sitting_id=zoe.sitting_id, scale=zoe.scale, version=2, created_at=before, **facts)
        )
    page = listed(world, job_id, "score.work-style.extraversion.high")
    assert re.findall(r"<bdi>(\w+) \w+</bdi>", table_of(page))[0] == "Max"
    told = scale_of(compared(world, job_id, people, "Zoe", "Ada"), "Extraversion")
    assert "No difference beyond measurement error." in told


def test_who_is_half_way_through_is_not_listed(world, job_id, people):
    with world.app.app_context(), transaction() as session:
        started = session.get_one(Invitation, people["Max"].id)
        started.state = InvitationState.STARTED
        session.get_one(Invitation, people["Cal"].id).state = InvitationState.EXPIRED
    page = listed(world, job_id, "score.work-style.extraversion.high")
    assert re.findall(r"<bdi>(\w+) \w+</bdi>", table_of(page)) == ["Zoe", "Ada"]
    assert "Max Ober" not in page.text and "Cal Loos" not in page.text


def test_it_says_that_it_is_no_ranking_and_who_stands_apart(world, job_id, people):
    page = listed(world, job_id, "score.work-style.extraversion.high")
    text = text_of(page)
    assert "Neighbours who lie within measurement error do not differ" in text
    assert "It is not a ranking." in text
    apart = text.split("Not interpretable, so in no place of the order")[1]
    assert "it is not a low score. Cal Loos" in apart
    assert "Cal Loos" not in table_of(page)
    assert re.search(r"sten 10, give or take: \d+\.\d to 10\.0", text)


def test_each_row_says_whether_the_next_one_differs(world, job_id, people):
    completes(world, job_id, "Zed Same", answers(extraversion=5))
    page = listed(world, job_id, "score.work-style.extraversion.low")
    rows = table_of(page).split("<tr>")[1:]
    said = [re.search(r"(Differ beyond|No difference|–</td>)", row)[1] for row in rows]
    assert said == ["Differ beyond", "Differ beyond", "No difference", "–</td>"]


@pytest.mark.parametrize(
    "sort",
    ["score.work-style.nonsense.high", "score.", "score.work-style.extraversion.up", "score"],
)
def test_an_order_that_is_not_there_is_the_usual_one(world, job_id, people, sort):
    names = re.findall(r"<bdi>(\w+) \w+</bdi>", table_of(listed(world, job_id, sort)))
    assert sorted(names) == ["Ada", "Cal", "Max", "Zoe"]


def test_the_orders_are_offered_by_the_names_of_the_poles(world, job_id, people):
    page = listed(world, job_id, "latest")
    assert "Extraversion, from Outgoing" in page.text
    assert "Extraversion, from Reserved" in page.text
    assert "Extraversion" not in listed(world, make_job(world, "Empty"), "latest").text


def test_what_another_stage_of_the_job_asked_for_is_compared_too(world, job_id, people):
    """Zoe and Ada took something else for the job later on: one person each, with all of it."""
    later = {}
    with world.app.app_context(), transaction() as session:
        for name in ("Zoe", "Ada"):
            first = session.get_one(Invitation, people[name].id)
            facts = ("organisation_id", "job_id", "application_id", "trigger", "state", "email")
            again = Invitation(
                **{fact: getattr(first, fact) for fact in facts},
                attempt=2,
                assessment="verbal",
                completed_at=now(),
                expires_at=first.expires_at,
            )
            session.add(again)
            session.flush()
            facts = {"instrument": "other", "instrument_version": "1", "finished_at": now()}
            session.add(Sitting(invitation_id=again.id, **facts))
            session.flush()
            later[name] = session.get_one(Invitation, again.id)
    page = compared(world, job_id, later, "Zoe", "Ada")
    assert "Zoe Quist lies further towards" in scale_of(page, "Extraversion")
