"""A profile shared with somebody without an account."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from sqlalchemy import select

from eqsr.activity.models import AuditEntry
from eqsr.candidates.models import Application, Candidate
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.tokens import hash_token, sign_id
from eqsr.extras.partner_api.models import PlatformResult
from eqsr.extras.privacy.erasure import erase
from eqsr.extras.shared_profiles.models import ProfileShare
from eqsr.invitations.models import Invitation
from eqsr.mail.models import Mail
from tests.architecture.endpoints import rules
from tests.extras.shared_profiles.share_form import GUEST, share
from tests.invitations.conftest import at_once
from tests.page_text import opened_url
from tests.people import anybody, link_in, main_words, person
from tests.teams.members import member


@pytest.fixture
def ada(story):
    """The id of a candidate who is invited."""
    story.moves(story.applies())
    story.work()
    with story.world.app.app_context():
        return db.session.scalar(select(Candidate.id))


@pytest.fixture
def bob(world):
    return person(world, world.bob)


@pytest.fixture
def link(bob, ada, box, work):
    bob.presses(f"/candidates/{ada}/guests", **share(bob, ada))
    work()
    return link_in(box, GUEST, "/shared/")


def audited(app):
    with app.app_context():
        query = select(AuditEntry.action).where(AuditEntry.action.like("profile_share%"))
        return list(db.session.scalars(query.order_by(AuditEntry.at)))


def test_a_guest_reads_one_profile_and_it_is_written_down(world, app, bob, ada, box, work):
    shown = bob.presses(f"/candidates/{ada}/guests", **share(bob, ada))
    assert f"The link is on its way to {GUEST}." in shown
    work()
    [mail] = box.get("mails", to=GUEST)
    assert mail["subject"] == "Bob shares a candidate's results with you"
    path = link_in(box, GUEST, "/shared/")
    assert "Ada" not in (mail["text"] + mail["html"]).replace(path, "")  # whose letters are any
    guest = anybody(world)
    page = guest.sees(path)
    assert "Ada Jansen" in page
    assert "Bob (bob@northwind.example) shared this profile with you." in page
    assert "You can read it until" in page
    assert audited(app) == ["profile_shared"], "a program may have fetched it"
    assert "Opened" not in bob.sees(f"/candidates/{ada}/guests").replace("Last opened", "")
    assert guest.browser.post(opened_url(guest.browser.get(path).text)).status_code == 204
    assert audited(app) == ["profile_shared", "profile_share_opened"]
    assert "Opened" in bob.sees(f"/candidates/{ada}/guests")
    log = person(world, world.alice).sees("/team")
    assert f"Bob shared a candidate's profile with {GUEST}." in log
    assert f"{GUEST} opened the profile that Bob shared." in log


def test_the_page_leads_nowhere_and_opens_nothing(world, app, story, ada, link):
    guest = anybody(world)
    text = guest.browser.get(link).text
    main = text.split("<main", 1)[1].split("</main>", 1)[0]
    assert "<form" not in text and "href=" not in main
    for rule, _access in rules(app, "member"):
        if "GET" in rule.methods and not rule.arguments:
            assert guest.browser.get(rule.rule).status_code == 302, rule.rule
    assert guest.browser.get(f"/candidates/{ada}").status_code == 302
    assert guest.browser.post(link).status_code == 405


def test_a_share_ends_when_its_time_is_over(world, link):
    with time_machine.travel(now() + timedelta(days=7, minutes=1)):
        answer = anybody(world).browser.get(link)
        assert answer.status_code == 410
        assert "This link has expired" in main_words(answer)
        assert "Ada" not in answer.text.replace(link, "")  # whose letters are any


def test_a_share_is_ended_at_once_by_anybody_on_the_team(world, app, bob, ada, link):
    page = bob.browser.get(f"/candidates/{ada}/guests").text
    path = next(part for part in page.split('"') if part.endswith("/revoke"))
    assert person(world, world.dora).posts(path).status_code == 404
    assert person(world, world.charlie).posts(path).status_code == 404
    alice = person(world, world.alice)
    assert "the link is closed" in alice.presses(path)
    assert alice.posts(path).status_code == 303
    answer = anybody(world).browser.get(link)
    assert answer.status_code == 410
    assert "This link is closed" in main_words(answer)
    assert audited(app) == ["profile_shared", "profile_share_revoked"]


def test_a_guest_sees_no_more_than_whoever_shared(world, story, bob, link):
    """Off the team or deactivated: what he shared is closed too."""
    alice = person(world, world.alice)
    alice.presses(member(world, world.bob, "deactivate"))
    assert anybody(world).browser.get(link).status_code == 410
    alice.presses(member(world, world.bob, "reactivate"))
    assert anybody(world).browser.get(link).status_code == 200
    bob = person(world, world.bob)
    from tests.teams.members import id_of

    bob.presses(f"/jobs/{story.job_id}/team/{id_of(world, world.bob)}/remove")
    assert anybody(world).browser.get(link).status_code == 410


def test_a_link_from_before_purposes_were_an_enum_still_opens(world, app, link, settings):
    """Its token was signed like that of a job's open link. Only its hash is stored."""
    with app.app_context(), transaction() as session:
        found = session.scalar(select(ProfileShare))
        mail_id = session.scalar(select(Mail.id).where(Mail.subject_id == found.id))
        token = sign_id(settings.secret_key, "share", mail_id)
        found.token_hash = hash_token(token)
    assert "Ada Jansen" in anybody(world).sees(f"/shared/{token}")
    assert f"/shared/{token}" != link


def test_the_same_form_twice_shares_once(app, bob, ada, box, work):
    form = share(bob, ada)
    for _click in range(2):
        bob.presses(f"/candidates/{ada}/guests", **form)
    work()
    assert len(box.get("mails", to=GUEST)) == 1
    assert audited(app) == ["profile_shared"]


def test_the_same_form_twice_at_once_shares_once(world, app, ada):
    bobs = [person(world, world.bob) for _ in range(2)]
    form, answers = share(bobs[0], ada), []
    at_once(
        *[
            lambda one=one: answers.append(one.posts(f"/candidates/{ada}/guests", **form))
            for one in bobs
        ]
    )
    assert [answer.status_code for answer in answers] == [303, 303]
    assert audited(app) == ["profile_shared"]


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"email": "nobody"}, "can't be used"),
        ({"email": ""}, "Enter an e-mail address."),
        ({"days": "365"}, "Choose how long"),
        ({"days": "x"}, ""),
    ],
)
def test_what_is_refused(app, bob, ada, form, why):
    answer = bob.posts(f"/candidates/{ada}/guests", **share(bob, ada, **form))
    assert answer.status_code == 422
    assert why in main_words(answer)
    assert audited(app) == []


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "é"])
def test_an_unknown_link_is_told_so(world, token):
    answer = anybody(world).browser.get(f"/shared/{token}")
    assert answer.status_code == 404
    assert "This link is not known" in main_words(answer)


def test_going_back_and_naming_somebody_else_shares_with_both(app, bob, ada, box, work):
    form = share(bob, ada)
    for email in (GUEST, "second@partner.example", GUEST):
        shown = bob.presses(f"/candidates/{ada}/guests", **(form | {"email": email}))
        assert f"The link is on its way to {email}." in shown
    work()
    assert len(box.get("mails", to=GUEST)) == 1
    assert len(box.get("mails", to="second@partner.example")) == 1


def test_the_same_form_at_once_shares_once(app, world, bob, ada):
    form = share(bob, ada)
    people = [person(world, world.bob) for _window in range(3)]
    answers = []

    def presses(one):
        answers.append(one.posts(f"/candidates/{ada}/guests", **form).status_code)

    at_once(*[partial(presses, one) for one in people])
    assert answers == [303, 303, 303]
    assert audited(app) == ["profile_shared"]


def test_nothing_is_shared_of_who_was_erased(app, world, bob, ada, box, work):
    with app.app_context():
        erase(db.session.scalar(select(Application.id)))
    answer = bob.posts(f"/candidates/{ada}/guests", **share(bob, ada))
    assert answer.status_code == 422
    assert "Nothing is left of it" in main_words(answer)
    work()
    assert box.get("mails", to=GUEST) == []


def test_a_guest_reads_a_result_from_another_platform_too(world, story, bob, ada, link):
    with story.world.app.app_context(), transaction() as session:
        scales = [{"name": "Number sense", "value": "7", "norm": "", "band": None}]
        session.add(
            PlatformResult(
                invitation_id=session.scalar(select(Invitation.id)),
                platform="Other",
                scales=scales,
            )
        )
    page = anybody(world).sees(link)
    assert "Number sense" in page
    assert "has not finished" not in page and "Finished ." not in page
