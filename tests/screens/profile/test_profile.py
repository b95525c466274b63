"""The candidate profile, where View details leads."""

import pytest
from sqlalchemy import select

from eqsr.activity.models import AuditEntry
from eqsr.candidates.models import Candidate
from eqsr.core.clock import now
from eqsr.core.columns import new_id
from eqsr.core.db import db, transaction
from eqsr.invitations.models import InvitationState
from eqsr.results.models import WriteBack, WriteBackState
from tests.page_text import text_of
from tests.screens.profile.profile_page import finished, profile
from tests.sittings import sitting as sit
from tests.world import PASSWORD, World, csrf


@pytest.fixture
def person(world):
    return sit.invite(world)


def test_a_visitor_lands_on_the_profile_right_after_logging_in(app, client, person, world):
    address = f"/candidates/{person.candidate}"
    away = client.get(address)
    assert away.status_code == 302
    assert away.location.startswith("/login?next=")
    form = {"email": world.alice, "password": PASSWORD, "csrf_token": csrf(client, away.location)}
    back = client.post(away.location, data=form, follow_redirects=True)
    assert back.request.path == address
    assert "Priya Natarajan" in text_of(back)


@pytest.mark.parametrize("who", [World.charlie, World.sam])
def test_others_meet_a_404(world, person, who):
    assert profile(world, person, who).status_code == 404


def test_unknown_candidates_meet_a_404(world):
    browser = world.log_in(world.alice)
    assert browser.get(f"/candidates/{new_id()}").status_code == 404
    assert browser.get("/candidates/not-an-id").status_code == 404


def test_every_view_is_accounted_for(app, world, person):
    profile(world, person, World.alice)
    profile(world, person, World.alice)
    profile(world, person, World.charlie)
    with app.app_context():
        query = select(AuditEntry).where(AuditEntry.action == "profile_viewed")
        entries = db.session.scalars(query).all()
        assert [entry.subject_id for entry in entries] == [person.candidate] * 2
        assert all(entry.organisation_id == world.northwind for entry in entries)
        assert all(entry.user_id and entry.address for entry in entries)


def test_each_score_is_shown_with_what_it_needs_to_be_read(client, world, person):
    finished(client, person)
    page = profile(world, person)
    text = text_of(page)
    assert page.text.count('<svg xmlns="http://www.w3.org/2000/svg" class="plot plot-') == 2
    for scale in ("Extraversion", "Agreeableness", "Conscientiousness", "Emotional stability"):
        assert scale in text
    for end in ("Reserved", "Outgoing", "Flexible", "Structured", "Practical", "Imaginative"):
        assert end in text
    extraversion = next(s.outcome for s in sit.scores(person) if s.scale == "extraversion")
    assert f"{extraversion['sten']} of 10 (sten)" in text
    assert f"higher than about {extraversion['percentile']:.0f} in 100" in text
    assert f"sten {extraversion['band_low']:.1f} to {extraversion['band_high']:.1f}" in text
    assert f"{extraversion['raw_mean']:.1f} on the answer scale from 1 to 5" in text
    assert (
        "People who took the same items online, 2016-2018 (603,322 people, 8 November 2018)" in text
    )
    assert "One talking point, never the decision" in text
    assert text.count("Ask in the interview") == text.count("What it does not tell") == 5
    assert "Planner (REF77)" in text
    assert "Interview › Assessment" in text


def test_no_single_answer_and_no_device_is_shown(client, world, person):
    finished(client, person)
    text = text_of(profile(world, person))
    assert "Am the life of the party" not in text
    assert "werkzeug" not in text.lower()


def test_careless_answers_are_not_interpretable_and_never_low(client, world, person):
    finished(client, person, dict.fromkeys(sit.ITEMS, 1))
    page = profile(world, person)
    text = text_of(page)
    assert "Not interpretable" in text
    assert "The same answer was given 50 times in a row." in text
    assert "it is not a low score" in text
    assert "(sten)" not in text
    assert "Watch-outs" not in text
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="plot' not in page.text
    assert "on the answer scale from 1 to 5" in text


def test_one_scale_with_too_few_answers_is_not_described(client, world, person):
    some = {item: value for item, value in sit.HONEST.items() if item % 5 != 1}
    finished(client, person, some, missing=10)
    text = text_of(profile(world, person))
    assert "Too few of its questions were answered to describe this scale." in text
    assert "0 of 10 questions answered" in text
    assert text.count("(sten)") == 4


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (InvitationState.QUEUED, "about to be sent to priya@mail.example"),
        (InvitationState.SENT, "and not opened yet"),
        (InvitationState.OPENED, "and not started yet"),
        (InvitationState.EXPIRED, "was not used in time"),
        (InvitationState.CANCELLED, "was withdrawn"),
        (InvitationState.UNDELIVERABLE, "did not reach priya@mail.example"),
    ],
)
def test_before_the_start_it_says_how_far_it_got(world, person, state, said):
    sit.change(person, state=state, opened_at=now())
    assert said in text_of(profile(world, person))


def test_underway_it_says_how_many_are_answered(client, world, person):
    sit.start(client, person)
    for page in range(1, 5):
        sit.answer_page(client, person, page)
    text = text_of(profile(world, person))
    assert "Questions answered 20 of 50" in text
    assert "(sten)" not in text


@pytest.mark.parametrize(
    ("state", "problem", "said"),
    [
        (WriteBackState.DONE, None, "Shown in SmartRecruiters since"),
        (WriteBackState.PENDING, None, "Being written to SmartRecruiters"),
        (WriteBackState.PENDING, "It did not answer.", "did not work: It did not answer."),
        (WriteBackState.FAILED, "The scope is missing.", "The scope is missing."),
    ],
)
def test_it_says_what_smartrecruiters_shows(app, world, person, state, problem, said):
    with app.app_context(), transaction() as session:
        session.add(
            WriteBack(
                invitation_id=person.invitation, state=state, problem=problem, written_at=now()
            )
        )
    assert said in text_of(profile(world, person))


def test_the_history_is_told_latest_first(client, world, person):
    client.post(f"{person.path}/opened")
    finished(client, person)
    text = text_of(profile(world, person))
    history = text[text.index("History") :]
    told = [
        "The answers were scored against People who took the same items online, 2016-2018.",
        "The candidate finished the assessment.",
        "The candidate started the assessment.",
        "The candidate opened the invitation.",
    ]
    places = [history.index(sentence) for sentence in told]
    assert places == sorted(places)


def test_a_removed_candidate_is_marked(app, world, person):
    with app.app_context(), transaction() as session:
        session.get(Candidate, person.candidate).removed_at = now()
    assert "This candidate was removed from SmartRecruiters" in text_of(profile(world, person))
    assert "This invitation was withdrawn" in app.test_client().get(person.path).text


def test_a_candidate_who_was_never_invited(app, world):
    with app.app_context(), transaction() as session:
        candidate = Candidate(organisation_id=world.northwind, ats_id="9", first_name="Ada")
        session.add(candidate)
        session.flush()
        candidate_id = candidate.id
    text = text_of(world.log_in(world.alice).get(f"/candidates/{candidate_id}"))
    assert "Not invited yet" in text
    assert "No e-mail address" in text


def test_names_are_text_in_any_script(world):
    hostile = sit.invite(world, first='"><script>alert(1)</script>', last="<img src=x>")
    page = profile(world, hostile)
    assert "<script>alert(1)" not in page.text
    assert "<img src=x>" not in page.text
    hebrew = sit.invite(world, first="מיכל", last="כהן-לוי")
    assert "מיכל כהן-לוי" in text_of(profile(world, hebrew))
