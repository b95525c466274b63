"""A GET is no person: fetching a page changes no row and records nobody.

Mail scanners, previews and prefetching browsers fetch every link, also by HEAD.
"""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from eqsr.accounts import reset_requests
from eqsr.accounts.models import PasswordReset, Role, User
from eqsr.candidates.models import Candidate
from eqsr.core.columns import new_id
from eqsr.core.db import db, transaction
from eqsr.extras.shared_profiles import links as guest_links
from eqsr.extras.shared_profiles import service as guests
from eqsr.invitations import by_link, links
from eqsr.invitations.models import Invitation, SignUp
from eqsr.onboarding import service as onboarding
from eqsr.teams import join_link, team_invitations
from eqsr.teams.models import TeamInvitation
from eqsr.web.access import LINK_HOLDER, PUBLIC
from tests.architecture.endpoints import rules
from tests.architecture.rows import all_rows, changed
from tests.sittings import sitting as sit
from tests.world import World

# What a page of a logged-in member may write: that the session is in use.
SESSION = {"login_session.last_used_at"}
# Beside that, by endpoint: who read whose result, ...
READ = ("candidates.profile", "candidates.interview_guide", "reports.download")
# ... that a worker is to read the candidate again, as the page shows our copy, ...
READ_AGAIN = (*READ, "invitations.page")
# ... and our copy of SmartRecruiters, which nobody's visit is read from.
COPIES = {
    "dialog.connect": {"ats_job", "hiring_stage", "connection", "work"},
    "dialog.stages": {"ats_job", "hiring_stage", "connection", "work"},
    "dialog.found_jobs": {"ats_job", "connection", "work"},
}


# Pages behind a link that the walk must have seen open, not as a dead end.
MUST_OPEN = {
    "accounts.reset",
    "assessments.confirm",
    "assessments.done",
    "assessments.landing",
    "feedback.results",
    "guests.profile",
    "invitations.reminders",
    "onboarding.link.welcome",
    "questions.questions",
    "teams.join",
}


def fetched(browser, path: str) -> list[int]:
    """Fetch a page in every way that is no person's; return the statuses."""
    prefetch = {"Sec-Purpose": "prefetch;prerender", "User-Agent": "LinkScanner/1.0"}
    return [
        browser.get(path).status_code,
        browser.head(path).status_code,
        browser.get(path, headers=prefetch).status_code,
    ]


def endpoint_of(app: Flask, path: str) -> str:
    endpoint, _ = app.url_map.bind("localhost").match(path.partition("?")[0])
    return endpoint


def test_no_get_of_a_member_changes_anything(world: World, app, paths):
    alice, sam = world.log_in(world.alice), world.log_in(world.sam)
    seen = set()
    for path in sorted({path for method, path in paths if method == "GET"}):
        endpoint = endpoint_of(app, path)
        browser = sam if path.startswith("/customers") else alice
        before = all_rows(app)
        statuses = fetched(browser, path)
        assert all(status < 500 for status in statuses), path
        allowed = SESSION | ({"+audit_entry"} if endpoint in READ else set())
        allowed |= {"+work", "work.due_at"} if endpoint in READ_AGAIN else set()
        found = changed(before, all_rows(app)) - allowed
        copies = COPIES.get(endpoint, set())
        more = {one for one in found if one.strip("+-").partition(".")[0] not in copies}
        assert more == set(), path
        seen.add(endpoint)
    assert len(seen) > 40


@pytest.fixture
def tokens(world: World, app: Flask, story) -> dict[str, list[str]]:
    """For each prefix of an address: the links that work now."""
    ada = story.applies()
    story.moves(ada)
    story.work()
    begun, done = sit.invite(world), sit.invite(world, first="Noor")
    browser = app.test_client()
    sit.start(browser, begun)
    sit.answer_all(browser, done)
    sit.press(browser, f"{done.path}/finish", f"{done.path}/finish")
    shared_job = sit.share(world)
    with app.app_context():
        alice = db.session.scalar(select(User).where(User.email == world.alice))
        candidate_id = db.session.scalar(select(Candidate.id).where(Candidate.first_name == "Ada"))
        share = guests.share(alice, candidate_id, "guest@example.org", 7, new_id(), "")
        _share, shared = guest_links.issue_link(share.id, new_id())
        team_invitations.invite(alice, "new@northwind.example", Role.REVIEWER)
        invited_id = db.session.scalar(select(TeamInvitation.id))
        _invited, joined = join_link.issue_link(invited_id, new_id())
        with transaction() as session:
            session.add(reset := PasswordReset(user_id=alice.id))
            session.flush()
        _reset, password = reset_requests.issue_link(reset.id, new_id())
        _link, welcome = onboarding.issue_link(world.acme, "it@acme.example")
        job_id = links.share_job_id(shared_job.rsplit("/", 1)[1])
        by_link.sign_up(job_id, "Eva", "Bakker", "eva@example.org", "")
        confirm = links.sign_up_url(db.session.scalar(select(SignUp)))
        to_ada = Invitation.email == "ada@example.org"
        invitation = db.session.scalar(select(Invitation).where(to_ada))
        personal, stop = links.take_url(invitation), links.reminders_url(invitation)
    return {
        "/take": [_token(one) for one in (personal, begun.path, done.path, shared_job, confirm)],
        "/reminders": [_token(stop)],
        "/shared": [_token(shared)],
        "/join": [_token(joined)],
        "/password/reset": [_token(password)],
        "/onboarding": [_token(welcome)],
    }


def _token(url: str) -> str:
    return re.search(r"/(?:take|reminders|shared|join|reset|onboarding)/([^/]+)", url)[1]


def test_no_get_of_a_link_changes_anything(app, tokens):
    browser = app.test_client()
    opened = set()
    for rule in [one for one, _ in rules(app, LINK_HOLDER) if "GET" in one.methods]:
        prefix = rule.rule.partition("/<token>")[0]
        for token in tokens[prefix]:
            path = rule.rule.replace("<token>", token).replace("<int:page>", "1")
            path = path.replace("<part>", "work-style")
            before = all_rows(app)
            if fetched(browser, path)[0] == 200:
                opened.add(rule.endpoint)
            assert changed(before, all_rows(app)) == set(), rule.rule
    assert opened >= MUST_OPEN


def test_no_get_of_anybody_changes_anything(app, story):
    browser = app.test_client()
    for rule in [one for one, _ in rules(app, PUBLIC) if "GET" in one.methods]:
        path = rule.rule.replace("<instrument_id>", "work-style").replace("<colour>", "2a5d9c")
        path = path.replace("<uuid:organisation_id>", str(story.world.northwind))
        before = all_rows(app)
        fetched(browser, path.replace("<version>", "1"))
        assert changed(before, all_rows(app)) == set(), rule.rule
