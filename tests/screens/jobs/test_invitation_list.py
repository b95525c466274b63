"""A job's invitations: looked through, put in order, and taken along as a file."""

import csv
import io
import re

import pytest
from sqlalchemy import select

from eqsr.candidates.models import Candidate
from eqsr.core.db import transaction
from eqsr.invitations.models import InvitationState
from eqsr.web.csv_files import guarded
from tests.page_text import text_of
from tests.screens.jobs.job_pages import invite, statement_count


@pytest.fixture
def job_id(desk):
    """Ada No 0 to 2, sent; and Ada No 0 and 1, completed."""
    made = desk.creates()
    invite(desk, made, 3, state=InvitationState.SENT)
    invite(desk, made, 2, state=InvitationState.COMPLETED, email="done@example.org")
    return made


def names(desk, path: str) -> list[str]:
    return re.findall(r"<bdi>(Ada[^<]*)</bdi>", desk.get(path).get_data(as_text=True))


def named(session, first_name, last_name):
    for one in session.scalars(select(Candidate)):
        one.first_name, one.last_name = first_name, last_name


def rows(desk, path: str) -> list[dict[str, str]]:
    answer = desk.get(path)
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", 5),
        ("state=sent", 3),
        ("state=completed", 2),
        ("state=expired", 0),
        ("state=nonsense", 5),
        ("q=no+2", 1),
        ("q=2+ADA", 1),
        ("q=DONE@example", 2),
        ("q=%25", 0),
        ("q=_", 0),
        ("q=\\", 0),
        ("q=%00ada", 5),
        ("q='+OR+1=1--", 0),
        ("state=sent&q=done@", 0),
    ],
)
def test_list_and_file_show_what_was_asked_for(desk, job_id, asked, found):
    assert len(names(desk, f"/jobs/{job_id}?{asked}")) == found
    assert len(rows(desk, f"/jobs/{job_id}/invitations.csv?{asked}")) == found


@pytest.mark.parametrize("text", ["özil", "Özil", "ÖZIL", "zi", "mesut özil"])
def test_a_name_is_found_however_its_first_letter_is_written(desk, job_id, text):
    with desk.app.app_context(), transaction() as session:
        named(session, "Mesut", "Özil")
    page = desk.browser.get(f"/jobs/{job_id}", query_string={"q": text})
    assert page.text.count("<bdi>Mesut Özil</bdi>") == 5


def test_the_order_can_be_chosen(desk, job_id):
    def order(sort):
        return [name[-1] for name in names(desk, f"/jobs/{job_id}?sort={sort}")]

    assert order("name") == ["0", "0", "1", "1", "2"]
    assert order("latest") == order("nonsense") == ["2", "1", "1", "0", "0"]
    states = [row["State"] for row in rows(desk, f"/jobs/{job_id}/invitations.csv?sort=state")]
    assert states == ["Completed"] * 2 + ["Sent"] * 3


def test_nothing_found_says_so_and_leads_back(desk, job_id):
    page = text_of(desk.get(f"/jobs/{job_id}?q=nobody"))
    assert "Nothing found" in page and "Show all" in page and "Nobody is invited yet" not in page


def test_pages_keep_what_was_asked_for(desk):
    job_id = desk.creates()
    invite(desk, job_id, 60, state=InvitationState.SENT)
    page = desk.get(f"/jobs/{job_id}?state=sent&sort=name").get_data(as_text=True)
    (onwards,) = re.findall(r'rel="next" href="([^"]+)"', page)
    onwards = onwards.replace("&amp;", "&")
    assert "state=sent" in onwards and "sort=name" in onwards
    assert len(names(desk, onwards)) == 10


@pytest.mark.parametrize(
    "evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", '=cmd|"/c calc"!A1']
)
def test_no_name_becomes_a_formula(desk, job_id, evil):
    with desk.app.app_context(), transaction() as session:
        named(session, evil, "Müller, \u202e x")
    for row in rows(desk, f"/jobs/{job_id}/invitations.csv"):
        assert not re.match(r"\s*[=+\-@]", row["Name"])
        assert row["Name"].endswith("Müller, \u202e x")


def test_ordinary_cells_are_left_alone():
    assert [guarded(cell) for cell in ("Ada", "", "3-4", "a=b")] == ["Ada", "", "3-4", "a=b"]


def test_more_rows_take_no_more_queries(desk, job_id):
    paths = [f"/jobs/{job_id}?state=sent&q=ada", f"/jobs/{job_id}/invitations.csv"]
    few = [statement_count(desk, path) for path in paths]
    invite(desk, job_id, 30, state=InvitationState.SENT)
    assert [statement_count(desk, path) for path in paths] == few
    assert max(few) < 25


def test_another_organisation_gets_no_file(desk, job_id):
    charlie = desk.world.log_in(desk.world.charlie)
    assert charlie.get(f"/jobs/{job_id}/invitations.csv").status_code == 404
