"""Results from elsewhere, from the move in SmartRecruiters to the note there."""

import json
import re
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eqsr.core.clock import now
from eqsr.core.columns import new_id
from eqsr.core.db import db, transaction
from eqsr.extras.partner_api.signing import sign
from eqsr.invitations.models import Invitation
from eqsr.invitations.models import InvitationState as State
from tests.extras.partner_api.platform import SCALES, Program, program
from tests.extras.reports.pdf_text import read
from tests.page_text import opened_url, text_of
from tests.world import World


@pytest.fixture
def other(story) -> Program:
    return program(story.world, story.job_id)


@pytest.fixture
def invitation(story, other) -> Invitation:
    story.moves(story.applies())
    story.work()
    (found,) = story.invitations()
    return found


def state(story) -> State:
    return story.invitations()[0].state


def test_the_whole_way(story, other, invitation, client):
    (mail,) = story.mails()
    assert "Puzzle House" in mail["text"]
    assert "25 minutes" in mail["text"]
    (listed,) = other.get("/invitations").json["invitations"]
    assert listed["id"] == str(invitation.id)
    assert (listed["state"], listed["email"]) == ("sent", "ada@example.org")
    link = re.search(r"/take/\S+", mail["text"])[0]
    page = client.get(link)
    there = f"https://assess.puzzle.example/start?invitation={invitation.id}"
    assert f'href="{there}"' in page.text
    assert "You leave this site" in text_of(page.text)
    assert state(story) is State.SENT
    assert client.post(opened_url(page.text)).status_code == 204
    assert state(story) is State.OPENED
    assert other.tells(invitation.id, "invited").status_code == 200
    assert other.tells(invitation.id, "started").json["state"] == "started"
    assert other.tells(invitation.id, "completed", scales=SCALES).json["state"] == "completed"
    story.work()
    assert other.get("/invitations").json == {"invitations": [], "after": None}
    (note,) = story.profile({"id": invitation.application.candidate.ats_id})["notes"]
    assert "Puzzle House for Developers: completed on" in note["content"]
    assert "Scored elsewhere, by Puzzle House:" in note["content"]
    assert "Planning: 7.5, give or take: 6 to 9." in note["content"]
    assert "View details:" in note["content"]
    candidate = invitation.application.candidate_id
    profile = text_of(story.world.log_in(World.bob).get(f"/candidates/{candidate}").text)
    assert "Puzzle House Scored elsewhere The values, their margins and the texts are" in profile
    assert "1,204 applicants in logistics, 2025" in profile
    assert "Ask for an example." in profile
    assert "Puzzle House sent the result; it was scored there." in profile
    report = story.world.log_in(World.bob).get(f"/candidates/{candidate}/report.pdf")
    told = read(report.data)
    for said in (
        "Puzzle House (Scored elsewhere)",
        "We have not checked how they came about.",
        "Planning: 7.5",
        "6 to 9",
        "1,204 applicants in logistics, 2025",
        "Ask for an example.",
        "Level of English: B2",
        "Not told",
    ):
        assert said in told, said
    assert "There is no result yet." not in told
    assert (
        f"/candidates/{candidate}/report.pdf"
        in story.world.log_in(World.bob).get(f"/candidates/{candidate}").text
    )
    assert "has reached Northwind" in text_of(client.get(link).text)


def test_our_own_pages_are_closed_for_it(story, other, invitation, client):
    link = re.search(r"/take/\S+", story.mails()[0]["text"])[0]
    for path, send in (("/start", client.post), ("/questions/1", client.get)):
        assert "You leave this site" in text_of(send(link + path).text)
    assert state(story) is State.SENT


@pytest.mark.parametrize(
    "change",
    [
        {"secret": "another"},
        {"skew": -301},
        {"skew": 360},  # a second or more may pass on the way
        {"path": "/api/elsewhere/v1/nobody"},
        {"path": "/api/elsewhere/v1/" + "x" * 3000},
    ],
)
def test_who_does_not_sign_rightly_is_not_heard(story, other, invitation, change):
    stranger = replace(other, **change)
    answer = stranger.tells(invitation.id, "completed", scales=SCALES)
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert stranger.get("/invitations").status_code == 401
    assert stranger.post(invitation.id, b"\xff{").status_code == 401  # before it is read
    assert state(story) is State.SENT


def test_a_signature_is_for_one_request_only(story, other, invitation):
    body = json.dumps({"event_id": "1", "state": "started"}).encode()
    path = f"{other.path}/invitations/{invitation.id}/events"
    timestamp = str(int(now().timestamp()))
    good = sign(other.secret, timestamp, "POST", path, body)
    headers = {"X-Timestamp": timestamp, "X-Signature": good}
    browser = story.world.app.test_client()
    changed = [
        (path, body.replace(b"started", b"invited"), headers),
        (path + "?x=1", body, headers),
        (path, body, headers | {"X-Timestamp": str(int(timestamp) + 1)}),
        (path, body, headers | {"X-Signature": ""}),
        (path, body, headers | {"X-Signature": "é" * 64}),
        (path, body, {}),
    ]
    for where, what, said in changed:
        assert browser.post(where, data=what, headers=said).status_code == 401
    assert browser.post(path, data=body, headers=headers).status_code == 200


def test_a_request_that_was_listened_in_on_can_not_be_sent_later(story, other, invitation):
    body = b'{"event_id": "1", "state": "cancelled"}'
    path = f"{other.path}/invitations/{invitation.id}/events"
    timestamp = str(int(now().timestamp()))
    headers = {
        "X-Timestamp": timestamp,
        "X-Signature": sign(other.secret, timestamp, "POST", path, body),
    }
    with time_machine.travel(now() + timedelta(minutes=6)):
        answer = story.world.app.test_client().post(path, data=body, headers=headers)
    assert answer.status_code == 401


def test_the_same_event_counts_once(story, other, invitation):
    first = other.tells(invitation.id, "completed", "e-1", scales=SCALES)
    second = other.tells(invitation.id, "completed", "e-1", scales=SCALES)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json == second.json
    assert other.tells(invitation.id, "completed", "e-1", scales=SCALES[:1]).status_code == 409
    assert other.tells(invitation.id, "completed", "e-2", scales=SCALES[:1]).status_code == 409
    assert [line for line in story.activity() if "sent the result" in line].__len__() == 1


def test_the_same_event_at_once_counts_once(story, other, invitation):
    answers, barrier = [], threading.Barrier(4)

    def tell():
        barrier.wait()
        answers.append(other.tells(invitation.id, "completed", "e-1", scales=SCALES).status_code)

    threads = [threading.Thread(target=tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 4
    assert sum("sent the result" in line for line in story.activity()) == 1


def test_events_may_overtake_each_other(story, other, invitation):
    assert other.tells(invitation.id, "completed", scales=SCALES).status_code == 200
    assert other.tells(invitation.id, "started").status_code == 200
    assert other.tells(invitation.id, "cancelled").status_code == 409
    assert state(story) is State.COMPLETED


def test_cancelled_there_is_cancelled_here(story, other, invitation):
    assert other.tells(invitation.id, "started").status_code == 200
    assert other.tells(invitation.id, "cancelled").json["state"] == "cancelled"
    assert other.tells(invitation.id, "completed", scales=SCALES).status_code == 409
    assert other.tells(invitation.id, "started").status_code == 409
    assert "Puzzle House cancelled the assessment." in story.activity()


def test_a_result_that_comes_late_is_not_lost(story, other, invitation):
    with story.world.app.app_context(), transaction() as session:
        session.get(Invitation, invitation.id).state = State.EXPIRED
    assert other.tells(invitation.id, "completed", scales=SCALES).status_code == 200
    assert state(story) is State.COMPLETED


def test_a_platform_sees_only_its_own_invitations(story, other, invitation):
    second = program(story.world, name="Second House")
    theirs = program(story.world, who=World.charlie)
    for stranger in (second, theirs):
        assert stranger.get("/invitations").json["invitations"] == []
        assert stranger.get(f"/invitations/{invitation.id}").status_code == 404
        assert stranger.tells(invitation.id, "started").status_code == 404
    assert other.tells(new_id(), "started").status_code == 404


def test_a_long_list_is_read_page_by_page(story, other):
    for number in range(3):
        story.moves(story.applies(f"p{number}@example.org"))
    story.work()
    from eqsr.extras.partner_api import service
    from eqsr.jobs import assessment_platform

    with story.world.app.app_context():
        platform = assessment_platform.choice_of(story.job_id).platform
        first = service.invitations_for(platform, service.UNDECIDED, None, limit=2)
        rest = service.invitations_for(platform, service.UNDECIDED, first.after, limit=2)
    assert len(first.invitations) == 2
    assert len(rest.invitations) == 1
    assert rest.after is None
    last = other.get(f"/invitations?state=sent&after={first.after}").json
    assert [one["id"] for one in last["invitations"]] == [str(rest.invitations[0].id)]


def test_a_body_that_is_too_large_is_refused(other, invitation):
    answer = other.post(invitation.id, b" " * (256 * 1024 + 1))
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    path=st.sampled_from(["/invitations", "/invitations/{}", "/invitations/{}/events", "/{}"]),
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH"]),
    query=st.text(st.characters(codec="ascii"), max_size=20),
    raw=st.binary(max_size=60)
    | st.dictionaries(st.sampled_from(["event_id", "state", "scales"]), st.text(max_size=8)).map(
        lambda found: json.dumps(found).encode()
    ),
)
def test_nothing_that_is_signed_breaks_it(other, invitation, path, method, query, raw):
    from urllib.parse import quote

    where = path.format(invitation.id) + (f"?after={quote(query)}" if query else "")
    answer = other.send(method, where, raw)
    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert answer.mimetype == "application/problem+json"


def test_a_revoked_key_signs_nothing(story, other, invitation):
    from tests.norms.forms import post

    alice = story.world.log_in(World.alice)
    with story.world.app.app_context():
        from eqsr.extras.partners import service

        (platform,) = service.platforms_of(story.world.northwind)
        (key,) = platform.working_keys
        db.session.remove()
    assert other.get("/invitations").status_code == 200
    assert "last used" in text_of(alice.get("/platforms").text)
    post(alice, f"/platforms/keys/{key.id}/revoke")
    assert other.get("/invitations").status_code == 401
