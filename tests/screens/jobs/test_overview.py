"""Searching, narrowing down and ordering the overview, and what is wrong with a job."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from eqsr.activity.kinds import ActivityKind
from eqsr.activity.models import Activity
from eqsr.connections.models import ConnectionState, HiringStage
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.models import Job, JobKind
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Work, WorkState
from tests.page_text import text_of
from tests.screens.jobs.job_pages import invite


def titles(desk, query: str = "", htmx: bool = False) -> list[str]:
    page = desk.get(f"/jobs?{query}", htmx=htmx).text
    return re.findall(r'<a href="/jobs/[0-9a-f-]{36}"><bdi>(.*?)</bdi>', page)


@pytest.fixture
def many(desk):
    """Bakers (draft), Carers (connected), Drivers (by link), Editors (closed)."""
    ids = {title: desk.creates(title) for title in ("Bakers", "Carers", "Editors")}
    ids["Drivers"] = desk.creates("Drivers", JobKind.LINK)
    desk.connects(ids["Carers"], "Nurse", "NEW")
    desk.post(f"/jobs/{ids['Editors']}/close")
    return ids


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("order=title", ["Bakers", "Carers", "Drivers", "Editors"]),
        ("q=bak", ["Bakers"]),
        ("q=NURSE", ["Carers"]),
        ("q=ref2+care", ["Carers"]),
        ("q=%25", []),
        ("q=zzz", []),
        ("q=%00", ["Carers", "Drivers", "Bakers", "Editors"]),
        ("show=draft", ["Bakers"]),
        ("show=connected", ["Carers"]),
        ("show=link", ["Drivers"]),
        ("show=closed", ["Editors"]),
        ("show=trouble", []),
        ("show=nonsense&order=nonsense&q=drivers", ["Drivers"]),
        ("show=draft&q=carers", []),
    ],
)
def test_what_was_asked_for_is_shown(desk, many, query, found):
    assert titles(desk, query) == found
    assert titles(desk, query, htmx=True) == found


@pytest.mark.parametrize(
    "text", ["développeur", "DÉVELOPPEUR web", "loppé", "étude", "Étude", "ÉTUDE d’été"]
)
def test_a_title_is_found_by_its_own_letters(desk, text):
    desk.creates("Développeur web développé")
    desk.creates("Étude d’été")
    found = titles(desk, urlencode({"q": text}))
    assert found == ["Étude d’été" if "tude" in text.lower() else "Développeur web développé"]


def test_the_page_has_one_button_that_stands_out(desk, many):
    page = desk.get("/jobs").text
    assert len(re.findall(r"<button[^>]*>Connect</button>", page)) == 1
    assert re.findall(r"button-primary[^>]*>(?:<svg.*?</svg>)?([^<]+)<", page) == ["Create a Job"]


def test_htmx_gets_the_list_alone_and_caches_are_told(desk, many):
    part = desk.get("/jobs?q=bak", htmx=True)
    assert "<html" not in part.text and "HX-Request" in part.headers["Vary"]
    assert "<html" in desk.get("/jobs?q=bak").text
    assert "No job is like that" in text_of(desk.get("/jobs?q=zzz"))
    assert "Nothing needs attention" in text_of(desk.get("/jobs?show=trouble"))


def test_the_order_follows_counts_and_activity(desk, many):
    invite(desk, many["Bakers"], 1)
    invite(desk, many["Drivers"], 2)
    invite(desk, many["Carers"], 3, state=InvitationState.CANCELLED)
    assert titles(desk, "order=invited")[:2] == ["Drivers", "Bakers"]
    with desk.app.app_context(), transaction() as session:
        invitation = session.scalars(
            select(Invitation).where(Invitation.job_id == many["Bakers"])
        ).one()
        invitation.completed_at = now()
        session.add(
            Activity(
                organisation_id=invitation.organisation_id,
                kind=ActivityKind.SCORED,
                job_id=many["Bakers"],
                at=now() + timedelta(hours=1),
            )
        )
    assert titles(desk, "order=completed")[0] == "Bakers"
    assert titles(desk)[0] == "Bakers" and titles(desk)[-1] == "Editors"


def test_pages_keep_what_was_asked_for(desk):
    for number in range(27):
        desk.creates(f"Baker {number:02}")
    page = desk.get("/jobs?q=baker&order=title").text
    following = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert titles(desk, following.split("?")[1]) == ["Baker 25", "Baker 26"]


def test_what_is_wrong_is_told_with_its_reason(desk, many):
    def trouble() -> str:
        assert titles(desk, "show=trouble") == ["Carers"]
        return text_of(desk.get("/jobs?show=trouble"))

    carers = many["Carers"]
    desk.customer.set_connection(state=ConnectionState.NEEDS_ATTENTION)
    assert "The connection to SmartRecruiters needs attention." in trouble()
    shown = text_of(desk.get(f"/jobs/{carers}"))
    assert "Connected" in shown and "are invited automatically" in shown
    desk.customer.set_connection(state=ConnectionState.DISCONNECTED)
    assert "SmartRecruiters is disconnected, so nobody is invited." in trouble()
    shown = text_of(desk.get(f"/jobs/{carers}"))
    assert "SmartRecruiters Disconnected SmartRecruiters is disconnected" in shown
    assert "are invited automatically" not in shown
    desk.customer.set_connection(state=ConnectionState.ACTIVE)
    assert titles(desk, "show=trouble") == []
    invite(desk, carers, 2, state=InvitationState.UNDELIVERABLE)
    assert "2 invitations could not be delivered." in trouble()
    with desk.app.app_context(), transaction() as session:
        for one in session.scalars(select(Invitation)):
            one.state = InvitationState.SENT
        session.add(Work(kind=WorkKind.WRITE_BACK, subject_id=one.id, state=WorkState.DEAD))
    assert "1 step was given up." in trouble()
    with desk.app.app_context(), transaction() as session:
        session.scalars(
            select(Work).where(Work.state == WorkState.DEAD)
        ).one().state = WorkState.DONE
        stage = session.get_one(HiringStage, desk.stage("NEW").id)
        stage.gone_at = now()
    assert "no longer has this stage" in trouble()
    desk.post(f"/jobs/{carers}/close")
    assert titles(desk, "show=trouble") == []


def test_others_jobs_are_not_found(desk, many):
    charlie = desk.world.log_in(desk.world.charlie)
    assert "Bakers" not in charlie.get("/jobs?q=bakers").text.replace('value="bakers"', "")
    with desk.app.app_context():
        assert len(db.session.scalars(select(Job.id)).all()) == 4
