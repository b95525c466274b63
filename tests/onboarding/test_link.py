"""The link, from the mail to a working connection: over HTTP, against the sandbox."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from eqsr.connections.models import ConnectionState
from tests.page_text import text_of


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
        assert secret not in admin.get(step, htmx="progress" in step).get_data(as_text=True)
    stored = admin.connection()
    assert secret not in str(vars(stored))
    assert admin.path.rsplit("/", 1)[1] not in str(vars(admin.link()))
    assert secret not in caplog.text


@pytest.mark.parametrize(
    "token", ["x", "a" * 43, "%00", "%F0%9F%92%A9", "..%2f..%2fetc", "'; DROP TABLE link; --"]
)
def test_an_unknown_link_is_said(client, token):
    for step in ("", "/keys", "/check", "/check/progress", "/done"):
        assert client.get(f"/onboarding/{token}{step}").status_code == 404
    if "%2f" not in token:
        assert "This link is not known" in text_of(client.get(f"/onboarding/{token}"))


def test_an_expired_link_is_said_and_shows_a_way_on(admin):
    with time_machine.travel(datetime.now(UTC) + timedelta(days=15)):
        answer = admin.get("/keys")
    assert answer.status_code == 410
    assert "This link has expired" in text_of(answer)
    assert "mailto:support@equalture.example" in answer.get_data(as_text=True)


def test_a_replaced_link_is_said(admin):
    old = admin.path
    admin.get_link()
    answer = admin.browser.get(old)
    assert answer.status_code == 410
    assert "There is a newer link" in text_of(answer)


def test_forms_need_their_csrf_token(admin):
    for step in ("/welcome", "/credential", "/keys", "/check/again"):
        answer = admin.browser.post(admin.path + step, data={"client_id": "a"})
        assert answer.status_code == 400
        assert "reload the page" in text_of(answer)
    assert admin.link().consented_at is None


def test_forms_work_over_https_although_no_referrer_is_sent(admin):
    page = admin.browser.get(admin.path, base_url="https://localhost")
    token = token_in(page)
    answer = admin.browser.post(
        admin.path + "/welcome", data={"csrf_token": token}, base_url="https://localhost"
    )
    assert answer.status_code == 302


def test_the_steps_can_not_be_skipped(admin):
    for step in ("/credential", "/keys"):
        assert admin.get(step).headers["Location"].endswith("/welcome")
    assert admin.get("/check").headers["Location"].endswith("/keys")
    assert admin.get("/check/progress", htmx=True).status_code == 404
    assert admin.get("/done").status_code == 302


def test_pages_are_not_kept_and_tell_no_other_site(admin):
    for answer in (admin.get(), admin.browser.get("/onboarding/unknown")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def token_in(answer) -> str:
    return answer.get_data(as_text=True).split('name="csrf-token" content="', 1)[1].split('"')[0]
