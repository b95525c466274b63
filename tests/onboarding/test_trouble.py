"""SmartRecruiters, our workers or the way between them in trouble while a customer connects."""

import pytest
import time_machine

from eqsr.connections import progress, step_runner
from eqsr.connections.models import ConnectionState
from eqsr.outbox import runner
from eqsr.outbox.models import WorkState
from tests.crashing import Killed
from tests.services.processes import eventually

STEPS = {
    "token": "/identity/oauth/token",
    "company": "/configuration/company",
    "scope:jobs_read": "/jobs",
    "scope:configuration_read": "/configuration/hiring-processes",
    "subscription": "/webhooks-api/v201907/subscriptions",
    "signing": "*/secret-key",
    "activation": "*/activation",
}


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ("token", "500"),
        ("token", "cut"),
        ("company", "429"),
        ("scope:jobs_read", "503"),
        ("scope:configuration_read", "garbage"),
        ("subscription", "500"),
        ("signing", "cut"),
        ("signing", "429"),
        ("activation", "503"),
        ("activation", "reset"),
    ],
)
def test_passing_trouble_is_waited_out(admin, account, site, work, step, kind):
    credential = account.credential()
    account.fault(kind, STEPS[step], times=3)
    admin.consent()
    admin.enter(credential.client_id, credential.client_secret)
    work()
    assert admin.get("/check").status_code == 200
    # A 429 closes the endpoint until the second turns.
    assert eventually(lambda: goes_on(work) and through(admin))
    account.no_faults()
    assert len(account.subscriptions()) == 1


@pytest.mark.parametrize("step", ["token", "company", "subscription", "activation"])
def test_lasting_trouble_ends_in_a_sentence_and_nothing_is_lost(admin, account, site, work, step):
    credential = account.credential()
    account.fault("503", STEPS[step])
    admin.consent()
    admin.enter(credential.client_id, credential.client_secret)
    assert eventually(lambda: goes_on(work) and over(admin))
    page = admin.text("/check")
    assert "SmartRecruiters does not answer at the moment" in page
    assert "Try the same again" in page
    assert "SmartRecruiters does not answer" in admin.link().failure
    account.no_faults()
    admin.tries_again()
    # The many tries used up the second's turns, so this one may have to wait for a turn.
    assert eventually(lambda: goes_on(work) and through(admin))
    assert len(account.subscriptions()) == 1


@pytest.mark.parametrize("kind", ["503", "401", "denied", "garbage", "reset", "404"])
@pytest.mark.parametrize(
    "path",
    ["/jobs", "/candidates", "/candidates/*/tags", "/candidates/att*", "/messages/shares*"],
)
def test_a_scope_that_stays_unproved_keeps_nobody_from_going_on(
    admin, account, site, work, path, kind
):
    """Only SmartRecruiters' own error for a scope proves that it is missing."""
    credential = account.credential()
    account.fault(kind, path)
    admin.consent()
    admin.enter(credential.client_id, credential.client_secret)
    assert eventually(lambda: goes_on(work) and through(admin))
    assert admin.connection().state is ConnectionState.ACTIVE
    assert "missing" not in {scope["outcome"] for scope in admin.connection().scopes}


def goes_on(work) -> bool:
    """What was put back is tried now."""
    work.hurry()
    work()
    return True


def through(admin) -> bool:
    return "SmartRecruiters is connected." in admin.text("/check")


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ("subscription", "401"),
        ("subscription", "404"),
        ("signing", "403"),
        ("activation", "401"),
        ("activation", "404"),
    ],
)
def test_a_refusal_ends_in_a_sentence(admin, account, site, work, step, kind):
    credential = account.credential()
    method = {"subscription": "POST", "signing": "POST", "activation": "PUT"}[step]
    account.fault(kind, STEPS[step], method)
    admin.consent()
    admin.enter(credential.client_id, credential.client_secret)
    work()
    assert "That did not work yet" in admin.text("/check")
    assert all(row.state is not WorkState.WAITING for row in work.rows("connect"))
    account.no_faults()
    admin.tries_again()
    work()
    assert "SmartRecruiters is connected." in admin.text("/check")
    assert len(account.subscriptions()) == 1


def test_a_failed_handshake_is_said(admin, account, work):
    """Nobody serves our webhook address: there is no ``site`` here."""
    credential = account.credential()
    admin.consent()
    admin.enter(credential.client_id, credential.client_secret)
    for _again in range(7):
        work()
        work.hurry()
    assert "could not reach our webhook address" in admin.text("/check")
    [step] = [step for step in admin.connection().steps if step["state"] == "failed"]
    assert step["name"] == "activation"


def test_a_worker_killed_at_every_third_step_is_succeeded(
    app, admin, account, site, work, monkeypatch
):
    """The successor goes on where it stood, and makes no second subscription."""
    credential = account.credential()
    admin.consent()
    admin.enter(credential.client_id, credential.client_secret)
    real, left, deaths = step_runner.ConnectAttempt.mark, [0], 0

    def mark(self, name, outcome):
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        return real(self, name, outcome)

    monkeypatch.setattr(step_runner.ConnectAttempt, "mark", mark)
    [row] = work.rows("connect")
    with app.app_context():
        while not progress.connected(admin.connection()):
            left[0] = 3
            try:
                runner.perform(str(row.id))
            except Killed:
                deaths += 1
                work.lapse_leases()
            assert deaths < 20
    assert deaths > 4
    assert len(account.subscriptions()) == 1
    assert admin.connection().state is ConnectionState.ACTIVE


def test_waiting_for_a_worker_is_said(admin, account):
    credential = account.credential()
    with time_machine.travel("2026-05-01T10:00:00Z", tick=False) as moment:
        admin.get_link()
        admin.consent()
        admin.enter(credential.client_id, credential.client_secret)
        assert "Still waiting" not in admin.text("/check")
        moment.shift(11)
        assert "Still waiting for our own machinery" in admin.text("/check")


def over(admin) -> bool:
    return bool(progress.failure(admin.connection()))
