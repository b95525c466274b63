"""What recruiters do with a job, its invitations and its results."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import time_machine
from sqlalchemy import select, update

from eqsr.accounts.models import User
from eqsr.candidates.models import Candidate
from eqsr.connections import job_lookup
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.duplicates.models import InvitationHold
from eqsr.invitations.links import take_url
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.models import Job, StageLink
from eqsr.screens.jobs import score_order
from tests.invitations.dates import working_day
from tests.invitations.reminders import look
from tests.languages.scenes.hands import NOWHERE, Hand, hand, take_path, the_candidate
from tests.people import link_in
from tests.story import Story
from tests.world import PASSWORD

NEW = "nadia@northwind.example"
GUEST = "hiring.manager@partner.example"
REASON = "Zwanzig Anrufe"


def choosing(story: Story) -> None:
    """Jobs are made, looked for, connected and set up by a recruiter."""
    bob = hand(story.world, story.world.bob)
    page = bob.browser.get("/jobs/new").text
    made = re.search(r'name="id" type="hidden" value="([^"]+)"', page)[1]
    bob.does("/jobs/new", id=made, kind="ats", title="", assessment="work-style")
    bob.does("/jobs/new", id=made, kind="ats", title="Bakers", assessment="own")
    bob.does("/jobs/new", id=made, kind="link", title="Bakers", assessment="work-style")
    job = f"/jobs/{story.job_id}"
    bob.follows("/jobs", job, f"{job}/connect", f"{job}/disconnect")
    _connects_more(story, bob)
    bob.does(f"{job}/connect", htmx=True)
    bob.does(f"{job}/connect", ats_job=NOWHERE, stage=NOWHERE)
    for action in ("save", "preview", "test", "reset"):
        words = {"subject": "Nächster Schritt", "greeting": "Hallo {first_name},", "language": "nl"}
        bob.does(f"{job}/mail", action=action, body="Ohne", **words)
        bob.does(f"{job}/mail", htmx=True, action=action, body="Mit\n\n{link}\n\nGruß", **words)
    bob.does(f"{job}/mail", action="reset")
    bob.does(f"{job}/mail", action="save", language="", subject="", greeting="", body="")
    bob.does(f"{job}/reminders", days="3, 7", before_end="1")
    bob.does(f"{job}/reminders", days="x")
    bob.does(f"{job}/report", on="1")
    bob.does(f"{job}/assessment", assessment="own")
    fits = {"matters-work-style.extraversion": "1", "least-work-style.extraversion": "4"}
    bob.does(f"{job}/fit", **fits, **{"most-work-style.extraversion": "8"})
    fits |= {"most-work-style.extraversion": "8", "reason-work-style.extraversion": REASON}
    bob.does(f"{job}/fit", **fits)
    with story.world.app.app_context():
        dora = db.session.scalar(select(User.id).where(User.email == story.world.dora))
    bob.does(f"{job}/team", user=str(dora))
    bob.does(f"{job}/team", user="nobody")
    bob.follows(job)
    bob.does(f"{job}/team/{dora}/remove")
    bob.does(f"{job}/close")
    bob.does(f"{job}/reopen")


def _connects_more(story: Story, bob: Hand) -> None:
    """Looks at another stage with people in it, and connects it with them."""
    connect = f"/jobs/{story.job_id}/connect"
    there = {"status": "IN_REVIEW", "subStatus": "Phone screen", "quiet": True}
    for name in ("Gea", "Hil"):
        story.applies(f"{name}@example.org", firstName=name, lastName="Bakker", **there)
    with story.world.app.app_context():
        link = db.session.scalars(select(StageLink)).first()
        known = job_lookup.stages(story.connection_id)
        stage = next(one for one in known if one.sub_status == "Phone screen")
        empty = next(one for one in known if one.status == "OFFERED")
        ids = {"ats_job": str(link.ats_job_id), "stage": str(stage.id)}
    for query in (ids, ids | {"stage": str(empty.id)}, ids | {"present": "recent", "days": "3"}):
        for part in ("present", "stages", "counts"):
            bob.asks(f"{connect}/{part}?{urlencode(query)}")
    bob.asks(f"{connect}/jobs?q=Java", f"{connect}/jobs?q=zz")
    bob.does(connect, **ids, present="all")
    foreseen = f"{ids['ats_job']}:{ids['stage']}:7"
    bob.does(connect, **ids, present="all", foreseen=foreseen, grace="x")
    bob.does(connect, **ids, present="all", foreseen=foreseen)
    bob.does(connect, htmx=True, view="row", **ids | {"stage": str(empty.id)})
    bob.opens(f"/jobs/{story.job_id}")
    bob.asks(f"/jobs/{story.job_id}/progress")
    story.work.settle()
    bob.opens(f"/jobs/{story.job_id}")


def inviting(story: Story) -> dict:
    """Ada and others are moved; their invitations are handled; some are never made. Who Ada is in
    SmartRecruiters."""
    bob = hand(story.world, story.world.bob)
    ada = story.applies()
    story.moves(ada)
    story.moves(story.applies(None, firstName="Ben", lastName="Bakker"))
    story.moves(story.applies("no-address", firstName="Cas", lastName="Bakker"))
    story.work.settle()
    invitation = next(one for one in story.invitations() if one.email == "ada@example.org")
    path = f"/invitations/{invitation.id}"
    bob.does(f"{path}/resend")
    bob.does(f"{path}/resend")
    bob.does(f"{path}/address", email="nowhere")
    bob.does(f"{path}/address", email="ada@work.example")
    story.work.settle()
    day = f"{now() + timedelta(days=30):%Y-%m-%d}"
    bob.does(f"{path}/extend", until="soon")
    bob.does(f"{path}/extend", until="2020-01-01")
    bob.does(f"{path}/extend", until=day)
    story.work.settle()
    for text in ("Ada", "Ben", "Nobody", "Cas"):
        bob.opens(f"/jobs/{story.job_id}/why?q={text}")
    with time_machine.travel(working_day(4)):
        look(story)
    for mail in story.mails():
        found = re.search(r"https?://[^/\s]+(/reminders/[\w.-]+)", mail["text"])
        if found:
            hand(story.world).opens(found[1])
            hand(story.world).does(found[1])
    bob.follows(f"/jobs/{story.job_id}", path)
    bob.opens(f"/jobs/{story.job_id}/invitations.csv")
    return ada


def calling_off(story: Story) -> None:
    """The rest of what can be done with an invitation."""
    bob = hand(story.world, story.world.bob)
    story.moves(story.applies("eva@example.org", firstName="Eva", lastName="Bakker"))
    story.work.settle()
    eva = story.invitations()[-1]
    take = take_path(story, "eva@example.org")
    bob.opens(f"/invitations/{eva.id}/cancel")
    bob.does(f"/invitations/{eva.id}/cancel")
    bob.does(f"/invitations/{eva.id}/resend")
    hand(story.world).does(f"{take}/opened")
    path = f"/jobs/{story.job_id}/invite/{eva.application_id}"
    bob.opens(path)
    bob.does(path, attempt="7")
    bob.does(path, attempt="2")
    story.work.settle()


def sharing(story: Story) -> None:
    """Guests, a new member, and everybody's own pages."""
    world, box, work = story.world, story.box, story.work
    ada = the_candidate(story, "Ada")
    bob, alice = hand(world, world.bob), hand(world, world.alice)
    page = bob.browser.get(f"/candidates/{ada}/guests").text
    made = re.search(r'name="id" value="([^"]+)"', page)[1]
    bob.does(f"/candidates/{ada}/guests", id=made, email="x", days="7")
    bob.does(f"/candidates/{ada}/guests", id=made, email=GUEST, days="400")
    bob.does(f"/candidates/{ada}/guests", id=made, email=GUEST, days="7")
    work()
    guest = hand(world)
    link = link_in(box, GUEST, "/shared/")
    guest.follows(link)
    guest.does(f"{link}/opened")
    with world.app.app_context():
        job = db.session.get(Job, story.job_id)
        order = score_order.orders(job)[0].value
    bob.follows(f"/candidates/{ada}", f"/jobs/{story.job_id}?sort={order}")
    share = re.search(
        r"/guests/([0-9a-f-]{36})/revoke", bob.browser.get(f"/candidates/{ada}/guests").text
    )
    bob.does(f"/candidates/{ada}/guests/{share[1]}/revoke")
    guest.opens(link)
    alice.does("/team/invite", email="x", role="reviewer")
    alice.does("/team/invite", email=world.charlie, role="reviewer")
    alice.does("/team/invite", email=NEW, role="reviewer")
    work()
    alice.follows("/team")
    nadia = hand(world)
    link = link_in(box, NEW, "/join/")
    nadia.opens(link)
    nadia.does(link, name="", new="x", repeated="y")
    nadia.does(link, name="Nadia", new=PASSWORD, repeated=PASSWORD)
    nadia.opens(link, "/jobs")
    for verb in ("log-out", "deactivate", "reactivate"):
        with world.app.app_context():
            dora = db.session.scalar(select(User.id).where(User.email == world.dora))
            own = db.session.scalar(select(User.id).where(User.email == world.alice))
        alice.does(f"/team/members/{dora}/{verb}")
        if verb != "log-out":
            alice.does(f"/team/members/{own}/{verb}")
    alice.does(f"/team/members/{dora}/role", role="admin")
    alice.opens("/team")
    alice.does("/password", current="wrong", new=PASSWORD, repeated=PASSWORD)
    alice.opens("/team/log", "/team/log?what=settings&who=" + NOWHERE, "/team/log.csv")
    alice.opens("/password/confirm?lost=1")
    for given in ("", "wrong", PASSWORD):
        alice.does("/password/confirm", confirm_password=given)
    alice.does("/password", current=PASSWORD, new="alice@northwind.example", repeated="x")
    alice.does("/profile", name="x" * 300, language="xx", time_zone="Mars")
    alice.does("/profile", name="Alice", language="nl", time_zone="Europe/Amsterdam")
    alice.does("/sessions/end-others")


def erasing(story: Story) -> None:
    """Ida asks that her result is deleted; alice does it, and sets an end to all others."""
    alice, ida = hand(story.world, story.world.alice), hand(story.world)
    with story.world.app.app_context():
        finished = select(Invitation).where(Invitation.state == InvitationState.COMPLETED)
        invitation = next(
            one
            for one in db.session.scalars(finished)
            if one.application.candidate.first_name == "Ida"
        )
        path = "/take/" + take_url(invitation).rsplit("/", 1)[1]
        db.session.remove()
    ida.does(f"{path}/results", wish="erasure", text="Gut")
    address = f"/applications/{invitation.application_id}/erase"
    alice.opens(f"/candidates/{invitation.application.candidate_id}", address)
    alice.does(address)
    alice.does(address, sure="1")
    story.work.settle()
    alice.opens(f"/candidates/{invitation.application.candidate_id}", address)
    alice.opens(f"/jobs/{invitation.job_id}", f"/invitations/{invitation.id}")
    ida.opens(path, f"{path}/results")
    _forgetting(story, alice)
    alice.does("/organisation/keeping", months="7")
    alice.does("/organisation/keeping", months="12")
    with story.world.app.app_context(), transaction() as session:
        done = update(Invitation).where(Invitation.state == InvitationState.COMPLETED)
        session.execute(done.values(completed_at=now() - timedelta(days=300)))
    for more in ({}, {"asked": "1"}):
        alice.does("/organisation/keeping", months="6", **more)
    alice.opens("/organisation", "/help/roles")
    alice.does("/organisation/keeping", months="")


def _forgetting(story: Story, alice: Hand) -> None:
    """Ben, who has no address, was never invited."""
    with story.world.app.app_context():
        ben = db.session.scalar(select(Candidate).where(Candidate.first_name == "Ben"))
        profile, form = f"/candidates/{ben.id}", f"/applications/{ben.applications[0].id}/erase"
        db.session.remove()
    alice.opens(profile, form)
    alice.does(form, only="name")
    alice.does(form, only="name", sure="1")
    alice.opens(profile)


def two_profiles(story: Story) -> None:
    """One person has two profiles on the job: somebody decides, and the two are merged."""
    people = []
    for _ in range(2):
        people.append(story.applies("hil@example.org", firstName="Hil", lastName="Bakker"))
        story.moves(people[-1])
        story.work()
    bob = hand(story.world, story.world.bob)
    bob.opens(f"/jobs/{story.job_id}", "/jobs")
    with story.world.app.app_context():
        held = db.session.scalars(
            select(InvitationHold).order_by(InvitationHold.created_at.desc())
        ).first()
        action = f"/jobs/{story.job_id}/held/{held.application_id}"
    bob.does(action)
    bob.does(action)
    story.box.post(
        f"companies/{story.company}/merges",
        {"fromCandidateId": people[0]["id"], "intoCandidateId": people[1]["id"]},
    )
    story.told()
    story.work()
    bob.opens(f"/candidates/{the_candidate(story, 'Hil')}")
    hand(story.world, story.world.alice).does("/organisation/repeats", reuse_months="3", hold="1")
