"""The same name however it is typed, and sorted where a reader looks for it."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from eqsr.candidates.models import Candidate
from eqsr.core.db import db, transaction
from eqsr.core.folding import folded
from eqsr.invitations import explain
from eqsr.jobs.models import Job
from eqsr.screens.jobs import invitation_list
from eqsr.screens.profile import comparable_people
from tests.screens.profile.several import answers, completes, make_job

# As it is stored, and as somebody types it.
SAME = [
    ("José", "Jose"),
    ("Jose\u0301", "José"),
    ("José", "Jose\u0301"),
    ("Łukasz", "lukasz"),
    ("Weiß", "WEISS"),
    ("Søren", "soren"),
    ("İlker", "ilker"),
    ("Işık", "isik"),
    ("Ｙｕｋｉ", "yuki"),
    ("Юлия", "юЛИЯ"),
    ("Алёна", "алена"),
    ("Ægir", "aegir"),
    ("Ðorđe", "dorde"),
    ("O’Brien", "o'brien"),
    ("Anne‑Marie", "anne-marie"),
    ("Nguyễn", "nguyen"),
    ("Γιώργος", "ΓΙΩΡΓΟΣ"),
]


@pytest.mark.parametrize(("stored", "typed"), SAME)
def test_a_name_is_the_same_however_it_is_typed(stored, typed):
    assert folded(stored) == folded(typed)


def test_people_are_found_everywhere_however_they_are_spelled(world):
    job_id = make_job(world)
    for stored, _typed in SAME:
        completes(world, job_id, f"{stored} Ångström", answers())
    with world.app.app_context():
        job = db.session.get_one(Job, job_id)
        for stored, typed in SAME:
            for asked in (stored, typed, f"angstrom {typed}"):
                wish = invitation_list.wanted("", asked, "")
                lists = (
                    [one.application.candidate for one in _listed(job, wish)],
                    [one.application.candidate for one in comparable_people.scored(job, asked)],
                    [one.application.candidate for one in explain.why(job, asked).found],
                )
                for found in lists:
                    names = {one.first_name for one in found}
                    assert stored in names, (stored, asked)
                    assert {folded(name) for name in names} == {folded(stored)}


def test_people_are_sorted_as_a_reader_expects(world):
    job_id = make_job(world)
    expected = ["Abel", "Áda", "ádám", "Øberg", "Ölander", "ostrow", "Özil", "Żak", "zoe", "Юлия"]
    for name in reversed(expected):
        completes(world, job_id, f"X {name}", answers())
    with world.app.app_context():
        job = db.session.get_one(Job, job_id)
        listed = _listed(job, invitation_list.wanted("", "", "name"))
        assert [one.application.candidate.last_name for one in listed] == expected
        offered = comparable_people.scored(job)
        assert [one.application.candidate.last_name for one in offered] == expected
        chosen = comparable_people.chosen(job, [one.id for one in offered][::-1])
        assert [one.application.candidate.last_name for one in chosen] == expected


def test_a_corrected_name_is_found_and_an_erased_one_is_not(world):
    job_id = make_job(world)
    completes(world, job_id, "Ada Åberg", answers())
    with world.app.app_context(), transaction() as session:
        candidate = session.scalars(select(Candidate)).one()
        candidate.last_name = "Wójcik"
        session.flush()
        assert (candidate.search, candidate.sort_name) == (
            "ada wojcik\nada@mail.example",
            "wojcik ada",
        )
        candidate.first_name = candidate.last_name = ""
        candidate.email = None
        session.flush()
        assert (candidate.search, candidate.sort_name) == ("\n", "")


def test_jobs_are_found_and_sorted_by_folded_titles(world):
    titles = ["Änderungsschneider", "Buchhalter", "Émailleur", "Übersetzerin"]
    for title in reversed(titles):
        make_job(world, title)
    bob = world.log_in(world.bob)
    page = bob.get("/jobs?order=title").text
    assert sorted(titles, key=page.index) == titles
    assert "Übersetzerin" in bob.get("/jobs?q=ubersetz").text
    assert "Buchhalter" not in bob.get("/jobs?q=ubersetz").text


def test_names_that_were_stored_before_are_folded_by_the_migration(world):
    make_job(world, "Émailleur")
    job_id = make_job(world)
    completes(world, job_id, "José Łuk", answers())
    with world.app.app_context():
        downgrade(revision="0012")
        upgrade()
        with db.engine.connect() as connection:
            people = connection.execute(text("SELECT search, sort_name FROM candidate")).all()
            jobs = connection.scalars(text("SELECT search FROM job")).all()
            customers = connection.scalars(text("SELECT sort_name FROM organisation")).all()
    assert [tuple(row) for row in people] == [("jose luk\njose@mail.example", "luk jose")]
    assert "emailleur" in jobs and "northwind" in customers


def _listed(job, wish):
    return invitation_list.invitations(job, 1, wish).items
