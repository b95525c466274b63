"""What people of an organisation do, the platform's staff and its customers' admins."""

import io
import re

from sqlalchemy import update

from eqsr.accounts import organisations
from eqsr.accounts.models import Organisation
from eqsr.core.db import db, transaction
from eqsr.extras.fairness import self_identification
from eqsr.extras.help.views import TOPICS
from eqsr.invitations.models import Invitation
from eqsr.outbox.kinds import WorkKind
from tests.accounts.guesses import a_day_passes, guess_all_day
from tests.languages.pseudo import LANGUAGE
from tests.languages.scenes.candidates import elsewhere
from tests.languages.scenes.hands import Hand, hand
from tests.norms.crowd import crowd
from tests.onboarding.admin import Account, Admin
from tests.organisations.pictures import png
from tests.people import csrf, link_in
from tests.story import Story
from tests.world import PASSWORD, World


def visiting(world: World, box, work) -> None:
    """Logging in, a forgotten password, and links that lead nowhere."""
    visitor = hand(world)
    visitor.follows("/login", "/instruments")
    visitor.does("/login", email="", password="")
    visitor.does("/login", email="bob@northwind.example", password="wrong")
    guess_all_day(world, world.dora, but=1)
    for _time in range(2):
        visitor.does("/login", email=world.dora, password="wrong")
    a_day_passes()
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
    her.does(f"{admin.path}/opened")
    admin.consent()
    her.follows(f"{admin.path}/credential", f"{admin.path}/keys")
    admin.enter("not-an-id", "")
    poor = account.credential(without=("webhooks_manage", "messages_read"))
    for wrong in (account.credential().client_secret, "x" * 32):
        admin.enter(poor.client_id, wrong)
        admin.get("/check")
        work()
        admin.get("/check")
        admin.get("/check/progress", htmx=True)
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
    _somebody_else_connects(world, account, work)


def _somebody_else_connects(world: World, account: Account, work) -> None:
    """The link of a customer without an admin, followed by a colleague."""
    with world.app.app_context():
        organisation = organisations.organisation_by_slug("contoso-bank")
    colleague = Admin(world.app, organisation.id)
    Hand(colleague.browser)
    colleague.connect(account.credential(), work)
    token = csrf(colleague.browser, f"{colleague.path}/done")
    left = colleague.browser.post(f"{colleague.path}/leave", data={"csrf_token": token})
    assert left.status_code == 200
    work()


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
            self_identification.record_answers(
                db.session.get(Invitation, invitation_id), sex, "white" if sex else ""
            )
    work.by_clock()
    work(WorkKind.FAIRNESS_REPORT)
    alice.opens("/norms")
    alice.does("/norms/work-style")
    helps = [f"/help/{topic}" for topic in TOPICS]
    alice.follows("/fairness", "/norms", "/platforms", "/jobs", "/help", *helps)
    alice.does("/fairness/off")
    elsewhere(world)
