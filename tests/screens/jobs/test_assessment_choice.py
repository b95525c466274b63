"""A job's own set of instruments: chosen, put in order, changed while nobody is invited."""

import re

from eqsr.core.db import transaction
from eqsr.teams.models import JobMember
from tests.page_text import text_of
from tests.screens.jobs.job_pages import form_id, jobs
from tests.sittings import sitting as sit


def own(desk, chosen, order=(), **more):
    """Send the form of a new job with one's own choice, as the page lists it."""
    page = desk.get("/jobs/new").get_data(as_text=True)
    form = {"id": form_id(page), "kind": "ats", "title": "Bakers", "assessment": "own"}
    return desk.post("/jobs/new", **form, instruments=chosen, order=order or chosen, **more)


def listed(page: str) -> list[str]:
    return re.findall(r'name="order" value="([^"]+)"', page)


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="instruments" value="([^"]+)"[^>]* checked', page))


def asks_for(desk, job_id) -> str:
    return next(job.assessment for job in jobs(desk) if job.id == job_id)


def test_the_form_offers_every_instrument_with_its_minutes_and_its_page(desk):
    page = desk.get("/jobs/new").get_data(as_text=True)
    assert len(listed(page)) == 9
    assert ticked(page) == {"work-style"}
    assert "8 minutes in all" in page
    assert 'value="work-style" required aria-labelledby="assessment-1"' in page
    for one in listed(page):
        assert f'href="/instruments/{one}"' in page


def test_an_own_choice_in_an_own_order(desk):
    assert own(desk, ["work-style", "ferry", "n-back"]).status_code == 303
    assert jobs(desk)[0].assessment == "work-style+ferry+n-back"
    assert "Work style, Ferry, Letters back" in desk.get("/jobs").text
    details = desk.get(f"/jobs/{jobs(desk)[0].id}").text
    assert "28 minutes in all" in details
    assert details.index(">Ferry<") < details.index(">Letters back<")


def test_moving_saves_nothing_and_keeps_what_is_chosen(desk):
    page = own(desk, ["ferry", "n-back"], ["matrix", "ferry", "spotting", "n-back"], up="n-back")
    assert page.status_code == 200
    assert listed(page.text)[:4] == ["n-back", "ferry", "matrix", "spotting"]
    assert ticked(page.text) == {"ferry", "n-back"}
    assert "20 minutes in all" in page.text
    assert 'value="Bakers"' in page.text
    down = own(desk, ["ferry", "n-back"], ["ferry", "n-back"], down="ferry").text
    assert listed(down)[:2] == ["n-back", "ferry"]
    for stuck in ({"up": "ferry"}, {"down": "no-such"}, {"again": "1"}):
        same = own(desk, ["ferry"], ["ferry", "n-back"], **stuck).text
        assert listed(same)[:2] == ["ferry", "n-back"]
    assert jobs(desk) == []


def test_nothing_chosen_and_what_there_is_not(desk):
    empty = own(desk, [], ["ferry"])
    assert empty.status_code == 422
    assert "Choose at least one." in text_of(empty)
    assert own(desk, ["no-such"]).status_code == 422
    assert jobs(desk) == []


def test_the_choice_can_be_changed_until_somebody_is_invited(desk, world):
    sit.invite(world, assessment="ferry")
    own(desk, ["n-back", "work-style"])
    invited, free = sorted(jobs(desk), key=lambda job: job.assessment)
    with desk.app.app_context(), transaction() as session:
        session.add(JobMember(job_id=invited.id, user_id=desk.user(world.bob).id))
    page = desk.get(f"/jobs/{free.id}/assessment")
    assert listed(page.text)[:2] == ["n-back", "work-style"]
    saved = desk.post(f"/jobs/{free.id}/assessment", assessment="ferry+matrix+work-style")
    assert saved.location == f"/jobs/{free.id}"
    assert asks_for(desk, free.id) == "ferry+matrix+work-style"
    assert "stays as it is" in desk.get(f"/jobs/{invited.id}/assessment").text
    refused = desk.post(f"/jobs/{invited.id}/assessment", assessment="work-style")
    assert refused.status_code == 400
    assert asks_for(desk, invited.id) == "ferry"
    assert f'href="/jobs/{free.id}/assessment"' in desk.get(f"/jobs/{free.id}").text
    assert f'href="/jobs/{invited.id}/assessment"' not in desk.get(f"/jobs/{invited.id}").text


def test_strangers_can_not_change_it(desk, world):
    own(desk, ["ferry"])
    stranger = world.log_in(world.charlie)
    assert stranger.get(f"/jobs/{jobs(desk)[0].id}/assessment").status_code == 404
