"""The link, from the mail to a working connection: over HTTP, against the sandbox."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from eqsr.connections import progress
from eqsr.connections.models import ConnectionState
from eqsr.kept import said
from eqsr.outbox import runner
from eqsr.outbox.models import WorkState
from tests.onboarding.admin import Account, words
from tests.services.processes import eventually


def test_the_whole_way(admin, account, site, work):
    credential = account.credential()

    assert "Northwind" in admin.text()
    admin.consent()
    page = admin.text("/credential")
    for scope in ("jobs_read", "webhooks_manage", "candidates_manage"):
        assert scope in page
    assert admin.post("/credential").headers["Location"].endswith("/keys")
    answer = admin.enter(f"  {credential.client_id} \n", f"\t{credential.client_secret} ")
    assert answer.headers["Location"].endswith("/check")
    assert "Access scope jobs_read" in admin.text("/check")
    work()

    page = admin.text("/check")
    assert "SmartRecruiters is connected." in page
    assert "3 jobs were read." in page
    assert "Northwind Ltd" in page
    assert "What happens next" in admin.text("/done")
    connection = admin.connection()
    assert connection.state is ConnectionState.ACTIVE
    assert connection.client_id == credential.client_id
    assert {check["outcome"] for check in connection.scopes} == {"granted"}
    [subscription] = account.subscriptions()
    assert subscription["status"] == "active"
    assert subscription["id"] == connection.subscription_id
    assert admin.link().connected_at


def test_the_secret_is_kept_from_pages_database_and_log(admin, account, site, work, caplog):
    credential = account.credential()
    admin.consent()
    admin.enter(credential.client_id, credential.client_secret)
    work()
    secret = credential.client_secret
    for step in ("/welcome", "/credential", "/keys", "/check", "/check/progress", "/done"):
        assert secret not in admin.get(step).get_data(as_text=True)
    stored = admin.connection()
    assert secret not in str(vars(stored))
    assert admin.path.rsplit("/", 1)[1] not in str(vars(admin.link()))
    assert secret not in caplog.text


# --- Credentials that do not work --------------------------------------------------------------


def test_a_wrong_secret_is_said_and_can_be_changed(admin, account, site, work):
    credential = account.credential()
    admin.consent()
    admin.enter(credential.client_id, "not-the-secret")
    work()
    page = admin.text("/check")
    assert "does not accept this Client ID and Client Secret" in page
    assert "Change and try again" in page
    assert "does not accept" in admin.link().failure

    form = admin.get("/keys").get_data(as_text=True)
    assert f'value="{credential.client_id}"' in form
    assert "not-the-secret" not in form
    admin.enter(credential.client_id, credential.client_secret)
    assert admin.link().failure is None
    work()
    assert "SmartRecruiters is connected." in admin.text("/check")
    assert len(account.subscriptions()) == 1


def test_each_missing_scope_is_named_and_the_others_are_ticked(admin, account, site, work):
    credential = account.credential(without=("messages_write", "jobs_read"))
    admin.consent()
    admin.enter(credential.client_id, credential.client_secret)
    work()
    states = {step["name"]: step["state"] for step in admin.connection().steps}
    assert [name for name, state in states.items() if state == "failed"] == [
        "scope:jobs_read",
        "scope:messages_write",
    ]
    assert states["scope:webhooks_manage"] == "ok"
    page = admin.text("/check")
    assert "The scope jobs_read is missing" in page
    assert "The scope messages_write is missing" in page
    assert said(admin.link().failure).startswith(
        "The scopes jobs_read, messages_write are missing"
    )
    assert not account.subscriptions()
    # The admin ticks them in SmartRecruiters and tries the same credential again.
    account.grant(credential, "all")
    try_again(admin)
    work()
    assert "SmartRecruiters is connected." in admin.text("/check")


def test_an_optional_scope_may_be_left_out(admin, account, site, work):
    admin.connect(account.credential(without=("candidates_create", "company_read")), work)
    page = admin.text("/check")
    assert "The scope candidates_create is missing" in page
    assert "You can also do without it." in page
    assert "SmartRecruiters does not let us see the company's name." in page


def test_a_role_too_weak_for_webhooks_is_said(admin, account, site, work):
    credential = account.credential(role="Standard")
    admin.consent()
    admin.enter(credential.client_id, credential.client_secret)
    work()
    assert "That did not work yet" in admin.text("/check")
    assert "system role" in " ".join(admin.link().failure.split())


@pytest.mark.parametrize(
    ("client_id", "client_secret", "sentence"),
    [
        ("", "secret", "Paste the Client ID."),
        ("id", "  ", "Paste the Client Secret."),
        ("DCRA1-0123456789abcdef", "secret", "This is an API key, not a Client ID."),
        ("the-id", "the-id", "This is the Client ID again."),
        ("an id", "secret", "it has a blank or a sign that does not belong"),
        ("id", "sécret", "it has a blank or a sign that does not belong"),
        ("i" * 301, "secret", "Field cannot be longer than 300 characters."),
    ],
)
def test_half_right_forms_are_explained(admin, client_id, client_secret, sentence):
    admin.consent()
    answer = admin.enter(client_id, client_secret)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert admin.connection() is None


# --- SmartRecruiters in trouble ----------------------------------------------------------------

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
def test_passing_trouble_is_waited_out(admin, account, site, work, caplog, step, kind):
    credential = account.credential()
    account.fault(kind, STEPS[step], times=3)
    admin.consent()
    admin.enter(credential.client_id, credential.client_secret)
    work()
    assert admin.get("/check").status_code == 200
    for _again in range(4):
        work.hurry()
        work()
    account.no_faults()
    assert "SmartRecruiters is connected." in admin.text("/check")
    assert len(account.subscriptions()) == 1
    assert f"status={kind}" in caplog.text or "connecting:" in caplog.text


@pytest.mark.parametrize("step", ["token", "scope:jobs_read", "subscription", "activation"])
def test_lasting_trouble_ends_in_a_sentence_and_nothing_is_lost(admin, account, site, work, step):
    credential = account.credential()
    account.fault("503", STEPS[step])
    admin.consent()
    admin.enter(credential.client_id, credential.client_secret)
    assert eventually(lambda: work.hurry() is not None and work() is not None and over(admin))
    page = admin.text("/check")
    assert "SmartRecruiters does not answer at the moment" in page
    assert "Try the same again" in page
    assert "SmartRecruiters does not answer" in admin.link().failure
    account.no_faults()
    try_again(admin)
    # The many tries used up the second's turns, so this one may have to wait for a turn.
    assert eventually(lambda: work.hurry() is not None and work() is not None and through(admin))
    assert len(account.subscriptions()) == 1


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
    try_again(admin)
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
    real, left, deaths = progress.Run.mark, [0], 0

    class Killed(BaseException):
        pass

    def mark(self, name, outcome):
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        return real(self, name, outcome)

    monkeypatch.setattr(progress.Run, "mark", mark)
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


# --- Links that can't be followed --------------------------------------------------------------


@pytest.mark.parametrize(
    "token", ["x", "a" * 43, "%00", "%F0%9F%92%A9", "..%2f..%2fetc", "'; DROP TABLE link; --"]
)
def test_an_unknown_link_is_said(client, token):
    for step in ("", "/keys", "/check", "/check/progress", "/done"):
        assert client.get(f"/onboarding/{token}{step}").status_code == 404
    if "%2f" not in token:
        assert "This link is not known" in words(client.get(f"/onboarding/{token}"))


def test_an_expired_link_is_said_and_shows_a_way_on(admin):
    with time_machine.travel(datetime.now(UTC) + timedelta(days=15)):
        answer = admin.get("/keys")
    assert answer.status_code == 410
    assert "This link has expired" in words(answer)
    assert "mailto:support@equalture.example" in answer.get_data(as_text=True)


def test_a_replaced_link_is_said(admin):
    old = admin.path
    admin.get_link()
    answer = admin.browser.get(old)
    assert answer.status_code == 410
    assert "There is a newer link" in words(answer)


def test_forms_need_their_csrf_token(admin):
    for step in ("/welcome", "/credential", "/keys", "/check/again"):
        answer = admin.browser.post(admin.path + step, data={"client_id": "a"})
        assert answer.status_code == 400
        assert "reload the page" in words(answer)
    assert admin.link().consented_at is None


def test_forms_work_over_https_although_no_referrer_is_sent(admin):
    page = admin.browser.get(admin.path, base_url="https://assess.example")
    token = token_in(page)
    answer = admin.browser.post(
        admin.path + "/welcome", data={"csrf_token": token}, base_url="https://assess.example"
    )
    assert answer.status_code == 302


def test_the_steps_can_not_be_skipped(admin):
    for step in ("/credential", "/keys"):
        assert admin.get(step).headers["Location"].endswith("/welcome")
    assert admin.get("/check").headers["Location"].endswith("/keys")
    assert admin.get("/check/progress").status_code == 404
    assert admin.get("/done").status_code == 302


def test_pages_are_not_kept_and_tell_no_other_site(admin):
    for answer in (admin.get(), admin.browser.get("/onboarding/unknown")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


# --- Connecting again --------------------------------------------------------------------------


def test_a_new_credential_is_tried_before_the_old_one_goes(admin, account, site, work):
    first = account.credential()
    admin.connect(first, work)
    before = admin.connection()
    admin.enter(first.client_id, "wrong")
    work()
    after = admin.connection()
    assert after.state is ConnectionState.ACTIVE
    assert (after.client_id, after.subscription_id) == (first.client_id, before.subscription_id)

    second = account.credential()
    admin.enter(second.client_id, second.client_secret)
    work()
    now = admin.connection()
    assert (now.id, now.key) == (before.id, before.key)
    assert now.client_id == second.client_id
    assert now.locked_candidate_secret is None
    [subscription] = account.subscriptions()
    assert subscription["id"] == now.subscription_id


def test_another_companys_credential_is_refused(admin, account, box, site, work):
    admin.connect(account.credential(), work)
    stranger = Account(box, "Somebody Else").credential()
    admin.enter(stranger.client_id, stranger.client_secret)
    work()
    assert "These credentials belong to Somebody Else, but Northwind Ltd" in admin.text("/check")
    assert admin.connection().company_name == "Northwind Ltd"


def test_a_second_form_supersedes_the_first(admin, account, site, work):
    """Both are queued before a worker comes; only the latter counts."""
    credential = account.credential()
    admin.consent()
    admin.enter(credential.client_id, "wrong")
    admin.enter(credential.client_id, credential.client_secret)
    work()
    assert "SmartRecruiters is connected." in admin.text("/check")
    assert len(work.rows("connect")) == 1


def over(admin) -> bool:
    return bool(progress.failure(admin.connection()))


def token_in(answer) -> str:
    return answer.get_data(as_text=True).split('name="csrf-token" content="', 1)[1].split('"')[0]


def token_of(admin) -> str:
    return token_in(admin.get("/check"))


def try_again(admin) -> None:
    answer = admin.browser.post(admin.path + "/check/again", data={"csrf_token": token_of(admin)})
    assert answer.headers["Location"].endswith("/check")
