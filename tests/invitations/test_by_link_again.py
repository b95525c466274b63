"""Coming by a job's open link when one is known already: no page tells, the mail helps."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from sqlalchemy import select

from eqsr.candidates.models import Candidate
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.invitations import sign_up_limits
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.mail.models import Mail
from tests.invitations.visitor import ADA, change, link_of
from tests.statements import statements
from tests.world import csrf_token


def test_the_page_tells_nothing_about_an_address(visitor, monkeypatch):
    """Unknown, unconfirmed, under way, finished, expired, cancelled, capped, refused: one page."""
    addresses = {
        state: f"{state}@mail.example" for state in ("completed", "expired", "cancelled", "started")
    }
    for state, email in addresses.items():
        path = visitor.starts(email=email)
        change(visitor, path, state=InvitationState(state), completed_at=now())
    visitor.comes(email="waiting@mail.example")
    visitor.box.post("faults", {"kind": "smtp_5xx", "match": {"address": "no@mail.example"}})
    visitor.comes(email="no@mail.example")
    visitor.work()
    monkeypatch.setattr(sign_up_limits, "PER_ADDRESS_AND_DAY", 1)
    answers = set()
    asked = ["new@mail.example", "waiting@mail.example", "no@mail.example", *addresses.values()]
    for email in asked:
        before = visitor.count(Mail)
        answer = visitor.comes(email=email)
        page = answer.text.replace(email, "ADDRESS")
        page = re.sub(r'(csrf-token" content=")[^"]+', r"\1", page)
        answers.add((answer.status_code, page, visitor.count(Mail) - before))
    assert len(answers) == 1, "the same page and the same work for everybody"


def test_the_request_looks_at_no_candidate(visitor, monkeypatch):
    """So its time can't tell who has applied: the statements are the same."""
    path = visitor.starts()
    change(visitor, path, state=InvitationState.COMPLETED, completed_at=now())
    app = visitor.world.app
    seen = [
        statements(app, lambda email=email: visitor.comes(email=email))
        for email in (ADA["email"], "new@mail.example")
    ]
    assert seen[0] == seen[1] != []
    assert not any("candidate" in one for one in seen[0])


@pytest.mark.parametrize(
    ("state", "said", "link"),
    [
        ("opened", "You have a personal link", True),
        ("started", "What you have answered is kept", True),
        ("completed", "You have finished the assessment", True),
        ("expired", "can't be taken any more", False),
        ("cancelled", "can't be taken any more", False),
    ],
)
def test_who_has_applied_gets_a_mail_that_helps(visitor, state, said, link):
    path = visitor.starts()
    change(visitor, path, state=InvitationState(state), completed_at=now())
    with time_machine.travel(now() + timedelta(minutes=20)):
        visitor.comes(first_name="Claim your prize", email="Ada@mail.example")
        mail = visitor.mails("")[-1]
        assert said in mail["text"] and "prize" not in mail["text"] + mail["html"]
        assert ("/take/" in mail["text"]) is link
        assert (path in mail["text"]) is link
    assert visitor.count(Candidate) == 1


def test_the_first_reader_of_a_corrected_address_gets_nobody_elses_link(visitor):
    """Invited as wrong@…, which the recruiter has corrected: whoever reads wrong@… is another."""
    path = visitor.starts(email="wrong@mail.example")
    with visitor.world.app.app_context():
        invitation_id = db.session.scalar(select(Invitation.id))
    alice = visitor.world.log_in(visitor.world.alice)
    form = {"csrf_token": csrf_token(alice), "email": "right@mail.example"}
    assert alice.post(f"/invitations/{invitation_id}/address", data=form).status_code == 303
    assert visitor.browser.get(path).status_code == 410
    visitor.work()
    with time_machine.travel(now() + timedelta(minutes=20)):
        visitor.comes(email="wrong@mail.example")
        mail = visitor.mails("wrong@mail.example")[-1]
        assert "Confirm that this is your address" in mail["text"]
        own = urlsplit(visitor.confirms(mail).location).path
    assert visitor.count(Invitation) == 2
    assert own != path
    # The mail that once confirmed the address leads to the link of then, which has ended.
    first = visitor.mails("wrong@mail.example")[0]
    leads_to = visitor.browser.get(link_of(first)).location
    assert urlsplit(leads_to).path == path and visitor.browser.get(leads_to).status_code == 410
