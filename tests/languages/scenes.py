"""What people do until every page, mail and sentence has been on a screen, mistakes among it.

Nothing is looked at here: whoever calls listens to all that is answered (tests.languages.walker).
"""

import io
import re
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select, update

from eqsr.accounts.models import Organisation, User
from eqsr.candidates.models import Candidate
from eqsr.clock import now
from eqsr.connections import search
from eqsr.db import db, transaction
from eqsr.fairness import service as fairness
from eqsr.help.views import TOPICS
from eqsr.invitations.links import take_url
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs import scored
from eqsr.jobs.models import Job, StageLink
from eqsr.outbox.models import Work, WorkState
from eqsr.platforms.models import Platform
from tests.assessments import gaming, players
from tests.assessments import sitting as sit
from tests.elsewhere.platform import SCALES, program
from tests.invitations.test_reminding import look, working_day
from tests.languages.pseudo import LANGUAGE
from tests.languages.walker import DUTCH, follow
from tests.norms.crowd import crowd
from tests.onboarding.admin import Account, Admin
from tests.organisations.pictures import png
from tests.people import Person, link_in
from tests.story import Story
from tests.world import PASSWORD, World

NEW = "nadia@northwind.example"
GUEST = "hiring.manager@partner.example"
REASON = "Zwanzig Anrufe"
NOWHERE = "0" * 8 + "-0000-0000-0000-" + "0" * 12


class Hand(Person):
    """Whoever is at this browser, which asks for this language."""

    def __init__(self, browser: FlaskClient, who: str = "") -> None:
        super().__init__(browser)
        trails = browser.application.extensions.setdefault("tests.trails", defaultdict(Counter))
        self._trail: Counter = trails[who or id(self)]
        self._site = browser.application.extensions["eqsr.settings"].public_url
        browser.environ_base = browser.environ_base | DUTCH

    def does(self, path: str, *, htmx: bool = False, **form: object) -> str:
        """Post, follow to where that leads, and the page there."""
        headers = {"HX-Request": "true"} if htmx else {}
        token = self._token()
        answer = self.browser.post(path, data={"csrf_token": token, **form}, headers=headers)
        assert answer.status_code < 500, path
        there = (answer.location or "").removeprefix(self._site)
        if there.startswith("/"):
            return self.browser.get(there, follow_redirects=True).text
        return answer.text

    def opens(self, *paths: str) -> None:
        for path in paths:
            assert self.browser.get(path, follow_redirects=True).status_code < 500, path

    def follows(self, *starts: str) -> None:
        """Every address that these pages lead to, and those lead to, that this person has not
        seen often enough."""
        follow(self.browser, self._trail, *starts)

    def _token(self) -> str:
        for path in ("/help", "/login"):
            found = re.search(r'name="csrf-token" content="([^"]+)"', self.browser.get(path).text)
            if found:
                return found[1]
        raise AssertionError("no page has a token")


def hand(world: World, email: str = "") -> Hand:
    """Somebody at a new browser, logged in if there is an address."""
    made = Hand(world.app.test_client(), email)
    if email:
        made.does("/login", email=email, password=PASSWORD)
    return made


def visiting(world: World, box, work) -> None:
    """Logging in, a forgotten password, and links that lead nowhere."""
    visitor = hand(world)
    visitor.follows("/login", "/instruments")
    visitor.does("/login", email="", password="")
    visitor.does("/login", email="bob@northwind.example", password="wrong")
    visitor.does("/password/forgotten", email="no address")
    visitor.does("/password/forgotten", email=world.dora)
    work()
    link = link_in(box, world.dora, "/password/reset/")
    visitor.opens(link)
    visitor.does(link, new="short", repeated="short")
    visitor.does(link, new="eqsr eqsr eqsr eqsr", repeated="another one that differs")
    visitor.does(link, new=PASSWORD + "!", repeated=PASSWORD + "!")
    work()
    visitor.opens(link, "/help", "/profile", "/password")
    stranger = hand(world)
    for place in ("password/reset", "join", "shared", "take", "onboarding", "reminders"):
        stranger.opens(f"/{place}/not-a-link")
    stranger.opens("/nowhere", "/webhooks/smartrecruiters/nothing")
    stranger.browser.post("/login", data={"email": "x"})  # without a token
    stranger.browser.post("/login", data={"email": "x"}, headers={"HX-Request": "true"})
    stranger.browser.get("/logout")  # not so


def staff(world: World, box, work) -> None:
    """A customer is added and gets links."""
    sam = hand(world, world.sam)
    sam.does("/customers/new", name="")
    sam.does("/customers/new", name="Contoso Bank")
    with world.app.app_context(), transaction() as session:
        session.execute(update(Organisation).values(language=LANGUAGE))
    sam.does("/customers/contoso-bank/links", email="no address")
    sam.does("/customers/contoso-bank/links", email="it@contoso.example", mail_now="1")
    work()
    sam.follows("/customers")
    sam.opens("/jobs")


def onboarding(world: World, box, work) -> None:
    """Acme's administrator follows the link, with every mistake that can be made."""
    charlie = hand(world, world.charlie)
    charlie.opens("/jobs", "/connection", "/jobs/new")
    admin = Admin(world.app, world.acme)
    her = Hand(admin.browser)
    account = Account(box, "Acme Foods", jobs=("Baker",))
    her.follows(admin.path)
    admin.consent()
    her.follows(f"{admin.path}/credential", f"{admin.path}/keys")
    admin.enter("not-an-id", "")
    poor = account.credential(without=("webhooks_manage", "messages_read"))
    for wrong in (account.credential().client_secret, "x" * 32):
        admin.enter(poor.client_id, wrong)
        admin.get("/check")
        work()
        admin.get("/check")
        admin.get("/check/progress")
    admin.enter(poor.client_id, poor.client_secret)
    work()
    admin.get("/check")
    admin.get("/keys")
    good = account.credential()
    admin.enter(good.client_id, good.client_secret)
    admin.get("/check")
    work()
    her.follows(f"{admin.path}/check", f"{admin.path}/done")
    other = Account(box, "Other Foods").credential()
    again = Admin(world.app, world.acme)
    Hand(again.browser)
    again.consent()
    again.enter(other.client_id, other.client_secret)
    work()
    again.get("/check")
    charlie.opens("/connection", "/jobs")
    hand(world, world.sam).opens("/customers", "/customers/acme")


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
        known = search.stages(story.connection_id)
        stage = next(one for one in known if one.sub_status == "Phone screen")
        empty = next(one for one in known if one.status == "OFFERED")
        ids = {"ats_job": str(link.ats_job_id), "stage": str(stage.id)}
    for query in (ids, ids | {"stage": str(empty.id)}, ids | {"present": "recent", "days": "3"}):
        for part in ("present", "stages", "counts"):
            bob.browser.get(f"{connect}/{part}", query_string=query)
    bob.browser.get(f"{connect}/jobs?q=Java")
    bob.browser.get(f"{connect}/jobs?q=zz")
    bob.does(connect, **ids, present="all")
    bob.does(connect, **ids, present="all", foreseen=f"{ids['ats_job']}:{ids['stage']}", grace="x")
    bob.does(connect, **ids, present="all", foreseen=f"{ids['ats_job']}:{ids['stage']}")
    bob.opens(f"/jobs/{story.job_id}", f"/jobs/{story.job_id}/progress")
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
    take = _take_path(story, "eva@example.org")
    bob.opens(f"/invitations/{eva.id}/cancel")
    bob.does(f"/invitations/{eva.id}/cancel")
    bob.does(f"/invitations/{eva.id}/resend")
    hand(story.world).opens(take)
    path = f"/jobs/{story.job_id}/invite/{eva.application_id}"
    bob.opens(path)
    bob.does(path, attempt="7")
    bob.does(path, attempt="2")
    story.work.settle()


def taking(story: Story) -> None:
    """Ada takes it, changes her mind about the language, and asks about the result."""
    hand(story.world, story.world.alice).does("/fairness/on")
    taken = next(one for one in story.invitations() if one.email == "ada@work.example")
    path = _take_path(story, "ada@work.example")
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
    page = bob.browser.get(f"/candidates/{_candidate(story, 'Ada')}").text
    request = re.search(r'name="request" value="([^"]+)"', page)[1]
    for answer in ("", "Gut", "Gut"):
        bob.does(f"/invitations/{taken.id}/request", request=request, answer=answer)
    story.work.settle()
    ada.opens(f"{path}/results")
    with time_machine.travel(now() + timedelta(days=400)):
        hand(story.world).opens(path, f"{path}/results")


def _candidate(story: Story, first_name: str):
    with story.world.app.app_context():
        query = select(Candidate.id).where(Candidate.first_name == first_name)
        return db.session.scalar(query)


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


def coming_by_link(world: World, work) -> None:
    path = sit.share(world)
    somebody = hand(world)
    somebody.follows(path)
    hand(world, world.alice).follows("/jobs?show=all")
    somebody.does(path, first_name="", last_name="", email="x")
    known = {"first_name": "Udo", "last_name": "Bakker", "email": "udo@example.org"}
    somebody.does(path, **known)
    hand(world).does(path, **known)
    work()


def sharing(story: Story) -> None:
    """Guests, a new member, and everybody's own pages."""
    world, box, work = story.world, story.box, story.work
    ada = _candidate(story, "Ada")
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
    with world.app.app_context():
        job = db.session.get(Job, story.job_id)
        order = scored.orders(job)[0].value
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
    for verb in ("deactivate", "reactivate"):
        with world.app.app_context():
            dora = db.session.scalar(select(User.id).where(User.email == world.dora))
            own = db.session.scalar(select(User.id).where(User.email == world.alice))
        alice.does(f"/team/members/{dora}/{verb}")
        alice.does(f"/team/members/{own}/{verb}")
    alice.does(f"/team/members/{dora}/role", role="admin")
    alice.opens("/team")
    alice.does("/password", current="wrong", new=PASSWORD, repeated=PASSWORD)
    alice.does("/password", current=PASSWORD, new="alice@northwind.example", repeated="x")
    alice.does("/profile", name="x" * 300, language="xx", time_zone="Mars")
    alice.does("/profile", name="Alice", language="nl", time_zone="Europe/Amsterdam")
    alice.does("/sessions/end-others")


def administering(story: Story) -> None:
    """The organisation, its looks, other platforms, groups and fairness."""
    world, work = story.world, story.work
    alice = hand(world, world.alice)
    good = {
        "name": "Northwind",
        "language": "nl",
        "time_zone": "Europe/Amsterdam",
        "accent": "#0b6e4f",
    }
    for wrong in (
        {"name": ""},
        {"language": "xx"},
        {"time_zone": "Mars"},
        {"accent": "#ffee00"},
        {"accent": "red"},
        {},
    ):
        alice.does("/organisation", **good | wrong)
    for data in (b"no picture", b"x" * 200_000, png()):
        alice.does("/organisation/logo", logo=(io.BytesIO(data), "a.png"))
    alice.opens("/organisation")
    alice.does("/organisation/logo/remove")
    alice.does("/platforms", name="", host="x")
    alice.does("/platforms", name="Puzzle House", host="localhost")
    alice.does("/platforms", name="Puzzle House", host="assess.puzzle.example")
    platform = re.search(r"/platforms/([0-9a-f-]{36})/keys", alice.browser.get("/platforms").text)
    for _key in range(3):
        alice.does(f"/platforms/{platform[1]}/keys")
    sexes = ["female"] * 6 + ["male"] * 6 + ["other"] * 2 + [""] * 2
    statuses = ["INTERVIEW", "REJECTED"] * 8
    job, invited = crowd(world, [number % 5 for number in range(16)], statuses)
    asked = "&".join(f"with={one}" for one in invited[:3])
    alice.follows(f"/jobs/{job}/compare", f"/jobs/{job}/compare?{asked}")
    with world.app.app_context():
        for invitation_id, sex in zip(invited, sexes, strict=True):
            fairness.say(db.session.get(Invitation, invitation_id), sex, "white" if sex else "")
    work.by_clock()
    work(fairness.KIND)
    alice.opens("/norms")
    alice.does("/norms/work-style")
    helps = [f"/help/{topic}" for topic in TOPICS]
    alice.follows("/fairness", "/norms", "/platforms", "/jobs", "/help", *helps)
    alice.does("/fairness/off")
    elsewhere(world)


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
    alice.does("/organisation/keeping", months="7")
    alice.does("/organisation/keeping", months="12")
    with story.world.app.app_context(), transaction() as session:
        done = update(Invitation).where(Invitation.state == InvitationState.COMPLETED)
        session.execute(done.values(completed_at=now() - timedelta(days=300)))
    for more in ({}, {"asked": "1"}):
        alice.does("/organisation/keeping", months="6", **more)
    alice.opens("/organisation", "/help/roles")
    alice.does("/organisation/keeping", months="")


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
        maker = program(world, job_id)
        with world.app.app_context():
            form["platform"] = str(db.session.scalars(select(Platform.id)).first())
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


def breaking(story: Story) -> None:
    """The connection fails, is looked at, and ends."""
    world, box, work = story.world, story.box, story.work
    alice = hand(world, world.alice)
    credentials = box.get(f"companies/{story.company}/credentials")
    box.post(
        f"companies/{story.company}/credentials/{credentials[0]['id']}", {"scopes": ["jobs_read"]}
    )
    alice.does("/connection/check")
    work()
    alice.opens("/connection", "/connection/health", "/jobs", f"/jobs/{story.job_id}")
    alice.follows("/connection")
    story.moves(story.applies("late@example.org", firstName="Lea", lastName="Bakker"))
    work()
    with world.app.app_context(), transaction() as session:
        given_up = {"state": WorkState.DEAD, "ended_at": now(), "last_error": "timeout"}
        session.execute(update(Work).where(Work.state == WorkState.WAITING).values(given_up))
    alice.opens("/connection", f"/jobs/{story.job_id}/why?q=Lea")
    alice.does(f"/jobs/{story.job_id}/disconnect")
    alice.does("/connection/key")
    alice.does("/connection/compare")
    alice.does("/connection/disconnect")
    alice.opens("/connection", "/jobs")


def _take_path(story: Story, email: str) -> str:
    texts = [mail["text"] for mail in story.mails(email)]
    return next(
        found[1]
        for found in (re.search(r"https?://[^/\s]+(/take/[\w.-]+)", text) for text in texts)
        if found
    )
