"""/metrics, and what /readyz says, are for operators only."""

import dataclasses

import pytest

TOKEN = "a-token-of-the-operators"
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def with_token(app, settings, monkeypatch):
    changed = dataclasses.replace(settings, metrics_token=TOKEN)
    monkeypatch.setitem(app.extensions, "eqsr.settings", changed)


def test_this_machine_reads_all(client):
    assert "eqsr_mail_waiting" in client.get("/metrics").text
    assert "checks" in client.get("/readyz").json


def test_others_read_nothing_but_whether_it_is_ready(client):
    answer = client.get("/metrics", environ_base=ELSEWHERE)
    assert (answer.status_code, "eqsr_" in answer.text) == (401, False)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert client.get("/readyz", environ_base=ELSEWHERE).json == {"status": "ready"}


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_a_proxy_on_this_machine_is_not_this_machine(client, header):
    answer = client.get("/metrics", headers={header: "203.0.113.9"})
    assert answer.status_code == 401


def test_the_token_is_good_from_everywhere(client, with_token):
    good = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/metrics", environ_base=ELSEWHERE, headers=good).status_code == 200
    assert "checks" in client.get("/readyz", environ_base=ELSEWHERE, headers=good).json


@pytest.mark.parametrize(
    "given", ["Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer é", f"bearer {TOKEN}x"]
)
def test_another_one_is_not(client, with_token, given):
    headers = {"Authorization": given.encode().decode("latin-1")}
    answer = client.get("/metrics", environ_base=ELSEWHERE, headers=headers)
    assert answer.status_code == 401


def test_without_a_token_none_is_good(client):
    headers = {"Authorization": "Bearer "}
    answer = client.get("/metrics", environ_base=ELSEWHERE, headers=headers)
    assert answer.status_code == 401
