"""Who they are is forgotten of somebody who was never invited, and of nobody else."""

from sqlalchemy import select

from eqsr.candidates.models import Application
from eqsr.core.db import db
from tests.extras.privacy.marked import EMAIL, FIRST, LAST, traces
from tests.page_text import text_of
from tests.world import World, csrf, csrf_token


def test_who_was_never_invited_can_be_forgotten(results_of):
    story, world = results_of.story, results_of.story.world
    nemo = story.applies(EMAIL, firstName=FIRST, lastName=LAST)
    story.moves(nemo, status="INTERVIEW")
    story.work.settle()
    with world.app.app_context():
        application = db.session.scalars(select(Application)).one()
        path, profile = (
            f"/applications/{application.id}/erase",
            f"/candidates/{application.candidate_id}",
        )
        db.session.remove()
    alice = world.log_in(world.alice)
    for who in (World.charlie, World.bob, World.dora, World.sam):
        browser = world.log_in(who)
        form = {"csrf_token": csrf(browser, "/help"), "sure": "1", "only": "name"}
        assert browser.get(path).status_code == browser.post(path, data=form).status_code == 404
    assert path in alice.get(profile).text
    assert "There is no result of this person." in text_of(alice.get(path))
    form = {"csrf_token": csrf(alice, path), "only": "name"}
    unsure = alice.post(path, data=form)
    assert unsure.status_code == 422 and "Tick that you want it" in text_of(unsure)
    assert traces(world.app)
    for _click in range(2):
        assert alice.post(path, data=form | {"sure": "1"}).status_code == 303
    assert traces(world.app) == []
    page = alice.get(profile)
    assert "Deleted candidate" in text_of(page) and path not in page.text
    assert story.activity().count("Alice deleted the name and the address.") == 1
    assert alice.get(path).status_code == 303
    # Nobody is kept from being invited.
    story.moves(nemo)
    story.work.settle()
    assert [mail["to"] for mail in story.mails()] == [[EMAIL]]


def test_who_was_invited_meanwhile_keeps_all_of_it(marked):
    """The page asked for name and address alone, and that is all that was agreed to."""
    alice = marked.world.log_in(marked.world.alice)
    path = f"/applications/{marked.application_id}/erase"
    before = traces(marked.world.app)
    form = {"csrf_token": csrf_token(alice), "sure": "1", "only": "name"}
    assert alice.post(path, data=form).status_code == 303
    assert traces(marked.world.app) == before
