"""The link, from the mail to a working connection: over HTTP, against the sandbox."""

import pytest

from eqsr.connections.models import ConnectionState
from eqsr.outbox.models import WorkState
from tests.onboarding.admin import words

pytestmark = pytest.mark.postgres


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
