"""Taking it: from the link to the thank-you, as a phone without JavaScript would."""

from datetime import timedelta

import pytest
import time_machine

from eqsr.core.clock import now
from eqsr.invitations.models import InvitationState
from tests.page_text import opened_url
from tests.sittings import sitting as sit


@pytest.fixture
def person(world):
    return sit.invite(world)


def test_landing_says_what_why_how_long_who_and_until_when(client, person):
    page = client.get(person.path)
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    for fact in ("Northwind", "Planner", "About 8 minutes", "50 short questions", "Start by"):
        assert fact in text
    assert "Who sees the result" in text
    assert "mailto:support@equalture.example" in text
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("header", ["Sec-Purpose", "Purpose", "User-Agent"])
def test_fetching_the_page_is_not_opening_it(client, person, header):
    """A mail scanner, a preview and a prefetching browser fetch it too."""
    client.head(person.path)
    client.get(person.path, headers={header: "prefetch"})
    client.get(person.path)
    assert sit.invitation(person).state == InvitationState.SENT
    assert sit.told(person) == []


def test_the_page_that_is_seen_says_so_once(client, person):
    address = opened_url(client.get(person.path).text)
    assert [client.post(address).status_code for _ in range(2)] == [204, 204]
    invitation = sit.invitation(person)
    assert (invitation.state, invitation.opened_at is not None) == (InvitationState.OPENED, True)
    assert sit.told(person) == ["invitation_opened"]


def test_choosing_a_language_is_opening(client, person):
    client.post(f"{person.path}/language", data={"language": "de"})
    assert sit.invitation(person).state == InvitationState.OPENED


@pytest.mark.parametrize("state", [InvitationState.QUEUED, InvitationState.UNDELIVERABLE])
def test_opening_only_informs(client, person, state):
    """What waits is still sent, and who could not be reached is still told."""
    sit.change(person, state=state)
    client.post(f"{person.path}/opened")
    invitation = sit.invitation(person)
    assert (invitation.state, invitation.opened_at is not None) == (state, True)


def test_an_unknown_link_opens_nothing(client, person):
    assert client.post("/take/nobody/opened").status_code == 404


def test_whole_sitting_without_javascript(client, person, work):
    assert sit.start(client, person).location == f"{person.path}/questions"
    assert client.get(f"{person.path}/questions").location == f"{person.path}/questions/1"
    for page in range(1, 10):
        answer = sit.answer_page(client, person, page)
        assert answer.location == f"{person.path}/questions/{page + 1}"
    assert sit.answer_page(client, person, 10).location == f"{person.path}/finish"
    assert "All 50 questions are answered" in client.get(f"{person.path}/finish").text
    sit.press(client, f"{person.path}/finish", f"{person.path}/finish")
    thanks = client.get(person.path, follow_redirects=True)
    assert thanks.request.path == f"{person.path}/done"
    assert "Thank you" in thanks.text
    assert "50 of 50" in thanks.text

    assert {item: row.value for item, row in sit.stored(person).items()} == sit.HONEST
    assert all(row.response_ms is None for row in sit.stored(person).values())
    assert sorted(score.scale for score in sit.scores(person)) == [
        "agreeableness",
        "conscientiousness",
        "emotional_stability",
        "extraversion",
        "intellect",
    ]
    assert all(score.outcome["interpretable"] for score in sit.scores(person))
    assert sit.invitation(person).state == InvitationState.COMPLETED
    assert sit.told(person) == [
        "sitting_started",
        "sitting_finished",
        "scored",
    ]
    assert [row.subject_id for row in work.rows("write_back")] == [person.invitation]


def test_nothing_of_the_scores_is_shown_to_the_candidate(client, person):
    sit.answer_all(client, person)
    sit.press(client, f"{person.path}/finish", f"{person.path}/finish")
    text = client.get(f"{person.path}/done").text.lower()
    for word in ("sten", "extraversion", "percentile", '<svg class="plot'):
        assert word not in text


def test_resumes_on_another_device_at_the_first_open_question(app, client, person):
    sit.start(client, person)
    sit.answer_page(client, person, 1)
    sit.send(client, person, item=6, value=5)
    phone = app.test_client()
    back = phone.get(person.path)
    assert "Welcome back" in back.text
    assert "6 of 50" in back.text
    assert phone.get(f"{person.path}/questions").location == f"{person.path}/questions/2#q7"
    assert (
        'name="item-6" value="5" required checked' in phone.get(f"{person.path}/questions/2").text
    )
    sit.start(phone, person)
    assert len(sit.stored(person)) == 6
    assert sit.told(person).count("sitting_started") == 1


def test_back_keeps_what_was_answered(client, person):
    sit.start(client, person)
    sit.answer_page(client, person, 1)
    answer = sit.answer_page(client, person, 2, {6: 1, 7: 2}, back="1")
    assert answer.location == f"{person.path}/questions/1"
    assert sit.stored(person)[7].value == 2
    sit.answer_page(client, person, 1, {1: 5})
    assert sit.stored(person)[1].value == 5


def test_going_on_with_open_questions_is_asked_about_once(client, person):
    sit.start(client, person)
    asked = sit.answer_page(client, person, 1, {1: 3, 2: 3, 3: 3})
    assert asked.status_code == 422
    assert "2 questions on this page are still open." in asked.text
    assert set(sit.stored(person)) == {1, 2, 3}
    answer = sit.answer_page(client, person, 1, {}, leave_open="1")
    assert answer.location == f"{person.path}/questions/2"


def test_finishing_with_open_questions_needs_the_right_number(client, person):
    sit.answer_all(client, person, {item: v for item, v in sit.HONEST.items() if item > 3})
    review = f"{person.path}/finish"
    assert "3 questions are not answered" in client.get(review).text
    for wrong in ({}, {"missing": "2"}, {"missing": "x"}, {"missing": "-3"}):
        refused = sit.press(client, review, review, **wrong)
        assert refused.status_code == 422
        assert "Finish with 3 open questions" in refused.text
    assert sit.scores(person) == []
    assert sit.press(client, review, review, missing="3").status_code == 302
    assert sit.invitation(person).state == InvitationState.COMPLETED
    assert all(score.outcome["interpretable"] for score in sit.scores(person))


def test_too_many_open_questions_make_a_scale_not_interpretable_not_low(client, person):
    sit.answer_all(client, person, {item: v for item, v in sit.HONEST.items() if item % 5 != 1})
    sit.press(client, f"{person.path}/finish", f"{person.path}/finish", missing="10")
    outcomes = {score.scale: score.outcome for score in sit.scores(person)}
    assert outcomes["extraversion"]["interpretable"] is False
    assert outcomes["extraversion"]["sten"] is None
    assert outcomes["agreeableness"]["interpretable"] is True


def test_finishing_twice_changes_nothing(client, person, work):
    sit.answer_all(client, person)
    for _ in range(2):
        answer = client.post(f"{person.path}/finish")
        assert answer.location == person.path
    assert len(sit.scores(person)) == 5
    assert sit.told(person).count("sitting_finished") == 1
    assert len(work.rows("write_back")) == 1


def test_after_the_end_everything_leads_to_the_thanks(client, person):
    sit.answer_all(client, person)
    sit.press(client, f"{person.path}/finish", f"{person.path}/finish")
    before = {item: row.value for item, row in sit.stored(person).items()}
    for path in ("", "/questions", "/questions/3", "/finish"):
        page = client.get(person.path + path, follow_redirects=True)
        assert page.request.path == f"{person.path}/done"
    for path in ("/start", "/questions/1", "/finish"):
        fields = {"item-1": "1"}
        page = client.post(person.path + path, data=fields, follow_redirects=True)
        assert page.request.path == f"{person.path}/done"
    late = client.post(f"{person.path}/answer", data={"item": "1", "value": "1"})
    assert late.status_code == 410
    assert "finished already" in late.json["sentence"]
    assert {item: row.value for item, row in sit.stored(person).items()} == before


def test_an_expired_invitation_can_not_be_started(client, person):
    client.post(f"{person.path}/opened")
    with time_machine.travel(now() + timedelta(days=14, minutes=1), tick=True):
        page = client.get(person.path)
        assert page.status_code == 410
        assert "The time for this questionnaire is over" in page.text
        assert client.post(f"{person.path}/start").status_code == 410
    assert sit.stored(person) == {}
    assert sit.told(person) == ["invitation_opened"]


def test_a_started_sitting_may_be_finished_for_a_day_longer(client, person):
    sit.answer_all(client, person)
    with time_machine.travel(now() + timedelta(days=14, hours=23), tick=True):
        sit.change(person, state=InvitationState.EXPIRED)
        assert sit.send(client, person, item=1, value=1).json["answered"] == 50
        sit.press(client, f"{person.path}/finish", f"{person.path}/finish")
    assert sit.invitation(person).state == InvitationState.COMPLETED


def test_a_started_sitting_ends_a_day_after_the_invitation(client, person):
    sit.answer_all(client, person)
    with time_machine.travel(now() + timedelta(days=15, minutes=1), tick=True):
        late = client.post(f"{person.path}/answer", data={"item": "1", "value": "1"})
        assert late.status_code == 410
        client.post(f"{person.path}/finish")
        page = client.get(person.path)
        assert "The time for this questionnaire is over" in page.text
    assert sit.scores(person) == []


def test_a_withdrawn_invitation_says_so(client, person):
    sit.change(person, state=InvitationState.CANCELLED)
    page = client.get(person.path)
    assert page.status_code == 410
    assert "This invitation was withdrawn" in page.text


@pytest.mark.parametrize("token", ["garbage", "A" * 43, "%00", "\u202e\u05d0", "a" * 3000])
def test_a_link_that_leads_nowhere_says_what_to_do(client, token):
    for path in ("", "/questions", "/questions/1", "/finish", "/done"):
        page = client.get(f"/take/{token}{path}")
        assert page.status_code == 404
        assert "ask the person who invited you" in page.text


def test_finish_before_start_and_far_pages(client, person):
    for path in ("/questions/1", "/finish"):
        assert client.post(person.path + path).location == person.path
    assert client.post(f"{person.path}/answer").status_code == 410
    sit.start(client, person)
    for page in ("0", "11", "99999999999999999999"):
        assert client.get(f"{person.path}/questions/{page}").status_code == 404


def test_names_and_titles_are_text(client, world):
    person = sit.invite(world, first="<b>x", title="<script>alert(1)</script> מהנדסת")
    text = client.get(person.path).text
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; מהנדסת" in text


def test_a_page_that_stayed_open_overnight_still_sends(client, person):
    sit.start(client, person)
    client.get(f"{person.path}/questions/1")
    with time_machine.travel(now() + timedelta(hours=20), tick=True):
        sent = client.post(f"{person.path}/questions/1", data={"item-1": "3"})
        assert sent.status_code == 422  # four more questions on this page
    assert sit.stored(person)[1].value == 3
