"""Where staff and operators read that email waits, and the one button that tries all again."""

import pytest

from eqsr.core.db import db
from eqsr.invitations.models import InvitationState as State
from eqsr.mail import server_pause
from eqsr.mail.smtp_errors import Unwelcome
from tests.world import csrf

pytestmark = pytest.mark.one_database


@pytest.fixture
def refused(story):
    """The server refuses one invitation for our sake; nobody else is invited."""
    story.box.post("faults", {"kind": "smtp_refuse", "times": 1})
    story.moves(story.applies())
    story.work()
    with story.world.app.app_context():
        said = "550 5.4.5 <ada@example.org>: Daily limit <b>exceeded</b>."
        server_pause.refused(None, Unwelcome(said, True), probe=True)
        db.session.remove()
    return story


def test_staff_read_it_where_they_look_and_one_button_tries_all(refused):
    sam = refused.world.log_in(refused.world.sam)
    page = sam.get("/customers").text
    assert "The mail server refuses our email" in page and "1 email waits" in page
    # Candidates are nobody's business here.
    assert "550 5.4.5 &lt;…&gt;: Daily limit &lt;b&gt;exceeded&lt;/b&gt;" in page
    assert "ada@example.org" not in page
    form = {"csrf_token": csrf(sam, "/customers")}
    answer = sam.post("/customers/retry-mail", data=form, follow_redirects=True)
    assert "1 email is tried again." in answer.text
    refused.work()
    assert len(refused.mails()) == 1 and refused.invitations()[0].state is State.SENT
    page = sam.get("/customers").text
    assert "mail server" not in page and "Try all again now" not in page


def test_members_read_that_nothing_needs_to_be_done(refused):
    bob = refused.world.log_in(refused.world.bob)
    page = bob.get("/jobs").text
    assert "takes none of our email just now" in page and "Correct" not in page
    page = bob.get(f"/invitations/{refused.invitations()[0].id}").text
    assert "waits until the mail server takes our email again" in page
    assert bob.post("/customers/retry-mail").status_code in (400, 404)


def test_doctor_metrics_and_work_retry(refused):
    runner = refused.world.app.test_cli_runner()
    told = runner.invoke(args=["doctor"]).output
    (line,) = [one for one in told.splitlines() if "mail server" in one]
    assert line.startswith("problem mail server: refuses us since") and "so 1 emails wait" in line
    assert ".." not in line
    metrics = refused.world.app.test_client().get("/metrics").text
    assert 'eqsr_mail_paused{fault="ours"} 1.0' in metrics and "eqsr_mail_waiting 1.0" in metrics
    assert runner.invoke(args=["work", "retry"]).stdout.strip() == "1"
    refused.work()
    assert len(refused.mails()) == 1
    metrics = refused.world.app.test_client().get("/metrics").text
    assert 'eqsr_mail_paused{fault="ours"} 0.0' in metrics and "eqsr_mail_waiting 0.0" in metrics
    assert "problem mail server" not in runner.invoke(args=["doctor"]).output
