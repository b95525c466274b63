"""What candidates do, and the other platforms that they are sent to."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import time_machine
from sqlalchemy import select, update

from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.extras.partners.models import Platform
from eqsr.invitations.links import sign_up_url, take_url
from eqsr.invitations.models import Invitation, InvitationState, SignUp
from eqsr.jobs.models import Job
from tests.extras.partner_api.platform import SCALES, program
from tests.instruments import players
from tests.languages.scenes.hands import hand, take_path, the_candidate
from tests.sittings import gaming
from tests.sittings import sitting as sit
from tests.story import Story
from tests.world import World


def taking(story: Story) -> None:
    """Ada takes it, changes her mind about the language, and asks about the result."""
    hand(story.world, story.world.alice).does("/fairness/on")
    taken = next(one for one in story.invitations() if one.email == "ada@work.example")
    path = take_path(story, "ada@work.example")
    ada = hand(story.world)
    ada.opens(path)
    ada.does(f"{path}/start", time="1.5")
    ada.opens(f"{path}/questions/1")
    ada.does(f"{path}/questions/1")
    ada.opens(path, f"{path}/finish", f"{path}/results", f"{path}/about-you", f"{path}/done")
    ada.does(f"{path}/language", language="nl")
    for page in range(1, 11):
        answers = {
            f"item-{item}": sit.HONEST[item] for item in sit.ITEMS[(page - 1) * 5 : page * 5]
        }
        ada.does(f"{path}/questions/{page}", **answers)
    ada.does(f"{path}/answer", item="1", value="9")
    ada.does(f"{path}/finish")
    ada.does(f"{path}/about-you", sex="female", race="")
    ada.does(f"{path}/about-you", sex="robot", race="")
    ada.does(f"{path}/results", wish="review", text="Feueralarm " * 300)
    ada.does(f"{path}/results", wish="review", text="Feueralarm")
    ada.follows(path)
    story.work.settle()
    bob = hand(story.world, story.world.bob)
    page = bob.browser.get(f"/candidates/{the_candidate(story, 'Ada')}").text
    request = re.search(r'name="request" value="([^"]+)"', page)[1]
    for answer in ("", "Gut", "Gut"):
        bob.does(f"/invitations/{taken.id}/request", request=request, answer=answer)
    story.work.settle()
    ada.opens(f"{path}/results")
    with time_machine.travel(now() + timedelta(days=400)):
        hand(story.world).opens(path, f"{path}/results")


def again(world: World) -> None:
    """Somebody who took it for one job uses the result for another one."""
    browser = world.app.test_client()
    first = sit.invite(world, title="Bricklayer", first="Ida", last="Bakker")
    sit.answer_all(browser, first)
    sit.press(browser, f"{first.path}/finish", f"{first.path}/finish", missing="0")
    second = sit.invite(world, title="Planner", first="Ida", last="Bakker")
    ida = hand(world)
    ida.opens(second.path)
    ida.does(f"{second.path}/reuse")
    ida.does(f"{second.path}/reuse")
    hand(world, world.alice).opens(f"/candidates/{second.candidate}")


def playing(world: World) -> None:
    """Every game, and the long questionnaire; one is left out."""
    for game in [one.id for one in players.TASKS]:
        player = hand(world)
        person = sit.invite(world, assessment=game, first="Ida", last="Bakker", title="Planner")
        player.opens(person.path)
        gaming.begin(player.browser, person)
        player.opens(gaming.game(person, game), person.path)
        gaming.state(player.browser, person, game)
        gaming.send(player.browser, person, game, [{"trial_number": 999}])
        gaming.finish(player.browser, person, game)
        gaming.play(player.browser, person, game, players.mixed(4))
        player.follows(person.path)
        hand(world, world.alice).opens(f"/candidates/{person.candidate}")
    person = sit.invite(world, assessment="ferry+work-style-long", first="Ina", last="Bakker")
    player = hand(world)
    gaming.begin(player.browser, person)
    player.does(f"{gaming.game(person, 'ferry')}/leave")
    player.follows(person.path)
    hand(world, world.alice).opens(f"/candidates/{person.candidate}")


def leaving(world: World, work) -> None:
    """Some leave half-way, or without the last press, and are given time again."""
    alice, assessment = hand(world, world.alice), "work-style+ferry+spotting"
    for pages, days in ((7, 17), (8, 17), (10, 17), (0, 17)):
        person = sit.invite(
            world, first="Ida", last="Bakker", assessment=assessment if pages == 7 else "work-style"
        )
        leaver = hand(world)
        sit.start(leaver.browser, person)
        for page in range(1, pages + 1):
            sit.answer_page(leaver.browser, person, page)
        if pages == 7:
            sit.answer_page(leaver.browser, person, 8, {36: 3}, leave_open="1")
        with time_machine.travel(now() + timedelta(days=days), tick=True):
            work.by_clock()
            work()
            leaver.opens(person.path, f"{person.path}/results")
            leaver.does(f"{person.path}/answer", item="1", value="1")
            with world.app.app_context():
                job_id = db.session.get(Invitation, person.invitation).job_id
            alice.opens(
                f"/jobs/{job_id}",
                f"/jobs/{job_id}?sort=score.work-style.extraversion.high",
                f"/jobs/{job_id}/invitations.csv",
                f"/candidates/{person.candidate}",
                f"/candidates/{person.candidate}/report.pdf",
                f"/invitations/{person.invitation}",
            )
            later = f"{now() + timedelta(days=9):%Y-%m-%d}"
            alice.does(f"/invitations/{person.invitation}/extend", until=later)


def coming_by_link(world: World, work) -> None:
    path = sit.share(world)
    somebody = hand(world)
    somebody.follows(path)
    hand(world, world.alice).follows("/jobs?show=all")
    somebody.does(path, first_name="", last_name="", email="x")
    udo = {"first_name": "Udo", "last_name": "Bakker", "email": "udo@example.org"}
    somebody.does(path, **(udo | {"first_name": "www.udo.example"}))
    somebody.does(path, **udo)
    work()
    with world.app.app_context():
        confirming = urlsplit(sign_up_url(db.session.scalars(select(SignUp)).one())).path
    somebody.opens(confirming)
    somebody.does(confirming, first_name="", last_name="x" * 101)
    somebody.does(confirming, first_name="Udo", last_name="Bakker")
    somebody.opens(confirming.replace("/take/", "/take/x"))
    # Who has applied already is written to, however far they are.
    for state in ("started", "completed", "partly_completed", "expired"):
        with world.app.app_context(), transaction() as session:
            his = select(Invitation).where(Invitation.email == udo["email"])
            invitation = session.scalars(his).one()
            invitation.state, invitation.completed_at = InvitationState(state), now()
            invitation.partly_completed_at = now()
            session.execute(update(SignUp).values(mailed_at=now() - timedelta(hours=1)))
            own = urlsplit(take_url(invitation)).path
        hand(world).does(path, **udo)
        work()
        renewing = f"/invitations/{invitation.id}/link"
        hand(world, world.alice).opens(renewing, f"/invitations/{invitation.id}")
        hand(world, world.alice).does(renewing)
        somebody.opens(own)
        somebody.does(f"{own}/answer", item="1", value="1")
        work()


def elsewhere(world: World) -> None:
    """A job that another platform assesses."""
    person = sit.invite(world, title="Bricklayer", first="Uli", last="Bakker")
    with world.app.app_context():
        job_id = db.session.get(Invitation, person.invitation).job_id
    alice = hand(world, world.alice)
    form = {"platform": "nothing", "link": "x", "minutes": "0"}
    alice.does(f"/jobs/{job_id}/elsewhere", **form)
    # Where it is taken can be chosen as long as nobody is invited.
    with _without(world, person.invitation, job_id):
        maker = program(world, job_id, name="Second House")
        with world.app.app_context():
            theirs = select(Platform.id).where(Platform.name == "Second House")
            form["platform"] = str(db.session.scalars(theirs).one())
        for link in ("x", "https://else.example/{invitation}", "https://assess.puzzle.example/x"):
            alice.does(f"/jobs/{job_id}/elsewhere", **form | {"link": link})
        alice.does(f"/jobs/{job_id}/elsewhere", **form | {"link": f"{link}?{{invitation}}"})
    hand(world).browser.get(person.path)
    maker.tells(person.invitation, "started")
    maker.tells(person.invitation, "completed", scales=SCALES)
    alice.opens(f"/candidates/{person.candidate}", f"/jobs/{job_id}/elsewhere", f"/jobs/{job_id}")
    alice.follows("/platforms")


@contextmanager
def _without(world: World, invitation_id: uuid.UUID, job_id: uuid.UUID) -> Iterator[None]:
    """In the block the invitation belongs to another job."""
    with world.app.app_context(), transaction() as session:
        job = session.get_one(Job, job_id)
        facts = {"kind": job.kind, "assessment": job.assessment, "state": job.state}
        other = Job(organisation_id=job.organisation_id, title=job.title, **facts)
        session.add(other)
        session.flush()
        session.get_one(Invitation, invitation_id).job_id = other.id
    yield
    with world.app.app_context(), transaction() as session:
        session.get_one(Invitation, invitation_id).job_id = job_id
