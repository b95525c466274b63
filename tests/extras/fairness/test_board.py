"""Voluntary answers, kept apart; and the board that shows groups only."""

import ast
import csv
import io
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, inspect, select

from eqsr.activity.models import Activity
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.extras.fairness import self_identification
from eqsr.extras.fairness.models import FairnessReport, SelfIdentification
from eqsr.extras.fairness.report_csv import WITHIN_JOBS
from eqsr.invitations import links
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.outbox.kinds import WorkKind
from tests.norms.crowd import crowd
from tests.norms.forms import post
from tests.page_text import text_of
from tests.world import World

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def alice(world):
    return world.log_in(world.alice)


def path_of(world: World, invitation_id) -> str:
    with world.app.app_context():
        url = links.take_url(db.session.get(Invitation, invitation_id))
        return url.removeprefix(world.app.extensions["eqsr.settings"].public_url)


def say(world: World, invitation_id, sex: str = "", race: str = ""):
    """A candidate presses Send, in a browser that knows nothing of them."""
    page = path_of(world, invitation_id) + "/about-you"
    return world.app.test_client().post(page, data={"sex": sex, "race": race})


def kept(world: World) -> list[tuple[str | None, str | None]]:
    with world.app.app_context():
        rows = db.session.execute(select(SelfIdentification.sex, SelfIdentification.race))
        return sorted(map(tuple, rows), key=str)


def test_nobody_is_asked_unless_it_is_switched_on(world, alice):
    _job, (first,) = crowd(world, [2])
    candidate = world.app.test_client()
    assert "Off" in text_of(alice.get("/fairness"))
    assert "If you like" not in text_of(candidate.get(path_of(world, first) + "/done"))
    assert candidate.get(path_of(world, first) + "/about-you").status_code == 302
    assert say(world, first, "female", "asian").status_code == 303
    assert kept(world) == []
    post(alice, "/fairness/on")
    assert "See the questions" in text_of(candidate.get(path_of(world, first) + "/done"))
    page = candidate.get(path_of(world, first) + "/about-you")
    assert "never used for a score" in text_of(page)
    assert "Prefer not to say" in text_of(page)


def test_only_after_the_end(world, alice):
    post(alice, "/fairness/on")
    _job, (first,) = crowd(world, [2])
    with world.app.app_context(), transaction() as session:
        session.get(Invitation, first).state = InvitationState.STARTED
    assert say(world, first, "female", "asian").status_code == 303
    assert kept(world) == []


def test_what_is_said_replaces_what_was_said_and_can_be_taken_back(world, alice):
    post(alice, "/fairness/on")
    _job, (first,) = crowd(world, [2])
    assert "stored apart" in text_of(say(world, first, "female", "asian"))
    say(world, first, "male")
    assert kept(world) == [("male", None)]
    page = world.app.test_client().get(path_of(world, first) + "/about-you")
    assert 'value="male" checked' not in page.text  # the link may be known to others
    assert "Nothing about you is stored" in text_of(say(world, first))
    assert kept(world) == []


def test_pressed_twice_at_once_it_is_kept_once(world, alice):
    post(alice, "/fairness/on")
    _job, (first,) = crowd(world, [2])
    ready = threading.Barrier(4)

    def press(_number: int) -> int:
        ready.wait(60)
        return say(world, first, "female", "asian").status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(press, range(4))) == {200}
    assert kept(world) == [("female", "asian")]


@pytest.mark.parametrize("form", [("woman", "asian"), ("female", "x" * 5000), ("\x00", "")])
def test_other_words_are_refused(world, alice, form):
    post(alice, "/fairness/on")
    _job, (first,) = crowd(world, [2])
    assert say(world, first, *form).status_code == 400
    assert kept(world) == []


def test_it_leads_to_nobody(world, alice):
    """No foreign key, no id of anybody, no time; nothing in the activity log."""
    post(alice, "/fairness/on")
    _job, (first,) = crowd(world, [2])
    say(world, first, "female", "asian")
    with world.app.app_context():
        table = inspect(db.engine)
        assert table.get_foreign_keys("self_identification") == []
        columns = {column["name"] for column in table.get_columns("self_identification")}
        assert columns == {"person", "organisation", "sex", "race"}
        row = db.session.scalars(select(SelfIdentification)).one()
        candidate = db.session.get(Invitation, first).application.candidate_id
        for told in (row.person, row.organisation):
            assert re.fullmatch("[0-9a-f]{64}", told)
            assert candidate.hex not in told
            assert world.northwind.hex not in told
        assert db.session.scalar(select(func.count()).select_from(Activity)) == 0


def test_scoring_knows_nothing_of_it():
    paths = [
        path
        for room in ("instruments", "sittings")
        for path in (ROOT / "eqsr" / room).rglob("*.py")
    ]
    assert len(paths) > 40
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [getattr(node, "module", None) or ""]
            names += [alias.name for alias in getattr(node, "names", []) if hasattr(alias, "name")]
            assert not any("fairness" in name for name in names), path


def counts(work) -> None:
    """An hour passes, and the worker does what is due."""
    work.by_clock()
    work(WorkKind.FAIRNESS_REPORT)


def filled_board(world: World, alice) -> None:
    """60 women and 60 men who answered, 3 others and 5 who did not. A third of the women and two
    thirds of the men went on; women score lower."""
    post(alice, "/fairness/on")
    sexes = ["female"] * 60 + ["male"] * 60 + ["other"] * 3 + [""] * 5
    statuses = ["INTERVIEW", "REJECTED", "REJECTED"] * 20 + ["HIRED", "OFFERED", "REJECTED"] * 20
    statuses += ["INTERVIEW"] * 3 + ["REJECTED"] * 5
    levels = [number % 4 for number in range(60)] + [3 + number % 3 for number in range(68)]
    _job, invitations = crowd(world, levels, statuses)
    with world.app.app_context():
        for invitation_id, sex in zip(invitations, sexes, strict=True):
            invitation = db.session.get(Invitation, invitation_id)
            self_identification.record_answers(
                invitation, sex, "white" if sex in ("female", "male") else ""
            )


@pytest.mark.slow
def test_the_board_shows_groups_and_its_file_has_the_layout_of_the_law(world, alice, work):
    filled_board(world, alice)
    assert "No report yet" in text_of(alice.get("/fairness"))
    counts(work)
    page = text_of(alice.get("/fairness"))
    assert "128 people had finished." in page
    assert "Scoring never asks for sex, age or origin" in page
    selection = page[page.index("Selection: who went on") :]
    told = selection.replace("&lt;", "<").replace("\u00a0", " ")
    assert "Female Lower, hardly by chance 60 33% (20) 0.50 (0.34–0.75) < 0.001" in told
    assert "Male 60 67% (40) 2.00 (1.34–2.98) < 0.001" in told
    assert "Neither end of this scale is better" in page
    assert "Differs, hardly by chance" in page
    assert "8 did not say, or are in a group too small to show" in selection
    assert "or none, and not shown: Non-binary, or another." in selection
    answer = alice.get("/fairness/report.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    at = rows.index(
        [
            "Sex Categories",
            "# of Applicants",
            "# Selected",
            "Selection Rate",
            "Impact Ratio",
            *WITHIN_JOBS,
        ]
    )
    shown = {row[0]: row[1:] for row in rows[at + 1 : at + 4]}
    assert shown == {
        "Female": ["60", "20", "33.3%", "0.50", "0.50", "0.34", "0.75", "0.0005", "0.0005"],
        "Male": ["60", "40", "66.7%", "1.00", "2.00", "1.34", "2.98", "0.0005", "0.0005"],
        "Other": ["fewer than 5: not shown"],
    }
    race = next(row for row in rows[at:] if row[:1] == ["White"])
    assert race[:3] == ["White", "120", "60"]
    scoring = next(row for row in rows if row[:1] == ["Sex Categories"] and "Scoring Rate" in row)
    assert scoring == [
        "Sex Categories",
        "# of Applicants",
        "Scoring Rate",
        "Impact Ratio",
        *WITHIN_JOBS,
    ]
    assert ["Category unknown, or group not shown", "8"] in rows
    assert "Nr 1" not in answer.text


@pytest.mark.slow
def test_a_report_follows_no_single_person(world, alice, work):
    post(alice, "/fairness/on")
    _job, invitations = crowd(world, [1] * 30)
    for one in invitations[:9]:
        say(world, one, "female")
    counts(work)
    assert "No report yet" in text_of(alice.get("/fairness"))
    say(world, invitations[9], "female")
    counts(work)
    counts(work)
    with world.app.app_context():
        assert db.session.scalars(select(FairnessReport.answers)).all() == [10]
    for one in invitations[10:19]:
        say(world, one, "male")
    with time_machine.travel(now() + timedelta(days=2)):
        counts(work)
    with world.app.app_context():
        assert db.session.scalars(select(FairnessReport.answers)).all() == [10]
    say(world, invitations[19], "male")
    counts(work)
    with time_machine.travel(now() + timedelta(days=2)):
        counts(work)
    with world.app.app_context():
        reports = db.session.scalars(select(FairnessReport.answers)).all()
        assert sorted(reports) == [10, 20]


def test_switching_it_off_deletes_what_was_said(world, alice):
    post(alice, "/fairness/on")
    _job, (first,) = crowd(world, [2])
    say(world, first, "female", "asian")
    assert "is deleted" in text_of(alice.get("/fairness/off"))
    post(alice, "/fairness/off")
    assert kept(world) == []
    assert say(world, first, "female").status_code == 303
    post(alice, "/fairness/on")
    assert "On" in text_of(alice.get("/fairness"))


def test_a_person_can_be_forgotten(world, alice):
    post(alice, "/fairness/on")
    _job, (first, second) = crowd(world, [2, 3])
    say(world, first, "female")
    say(world, second, "male")
    with world.app.app_context():
        self_identification.forget(db.session.get(Invitation, first).application.candidate_id)
    assert kept(world) == [("male", None)]


def test_reviewers_see_nothing_of_it(world):
    bob = world.log_in(world.bob)
    for path in ("/fairness", "/fairness/report.csv", "/fairness/off"):
        assert bob.get(path).status_code == 404
