"""Subscriptions, the handshake, deliveries, the retry ladder and the callbacks log."""

import json
import threading
from typing import Any

import pytest

from tests.sandbox.drive import ALL_EVENTS, BASE, Receiver, Tenant, eventually, subscribe

MINUTES = (1, 3, 10, 45, 120, 240, 480, 960, 1440, 1440)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["code"]


def create(tenant: Tenant, url: str, **more: Any) -> Any:
    wish = {"callbackUrl": url, "events": ALL_EVENTS} | more
    return tenant.api("POST", BASE, json=wish)


def deliveries(tenant: Tenant, **query: str) -> list[dict[str, Any]]:
    wish = "&".join(f"{key}={value}" for key, value in query.items())
    return tenant.sandbox.control("GET", f"/deliveries?company={tenant.id}&{wish}")


def test_the_life_of_a_subscription(tenant: Tenant, receiver: Receiver) -> None:
    made = create(tenant, receiver.url, alertingEmailAddress="ops@example.org").json()
    assert made["status"] == "inactive"
    assert made["events"][0] == {"name": ALL_EVENTS[0], "version": "v201910"}
    assert set(made) == {"id", "callbackUrl", "events", "status"}
    path = f"{BASE}/{made['id']}"
    assert tenant.api("PUT", f"{path}/activation").status_code == 204
    (handshake,) = receiver.handshakes
    assert handshake.body == b""
    assert code(tenant.api("PUT", f"{path}/activation"))[0] == 409
    assert tenant.api("GET", path).json()["status"] == "active"
    assert [each["id"] for each in tenant.api("GET", BASE).json()] == [made["id"]]
    assert tenant.api("DELETE", path).status_code == 204
    assert tenant.api("GET", path).status_code == 404
    assert tenant.api("PUT", f"{path}/activation").status_code == 404


@pytest.mark.parametrize("answer", [(202, "echo"), (500, "echo"), (200, "something else")])
def test_a_failed_handshake(tenant: Tenant, receiver: Receiver, answer: tuple[int, str]) -> None:
    status, echo = answer
    receiver.handshake = lambda secret: (status, secret if echo == "echo" else echo)
    subscription_id = create(tenant, receiver.url).json()["id"]
    assert tenant.api("PUT", f"{BASE}/{subscription_id}/activation").status_code == 424
    assert tenant.api("GET", f"{BASE}/{subscription_id}").json()["status"] == "inactive"


def test_the_sandbox_answers_others_while_a_handshake_waits(
    tenant: Tenant, receiver: Receiver
) -> None:
    go_on = threading.Event()

    def slowly(secret: str) -> tuple[int, str]:
        go_on.wait(60)
        return 200, secret

    receiver.handshake = slowly
    subscription_id = create(tenant, receiver.url).json()["id"]
    status: list[int] = []
    path = f"{BASE}/{subscription_id}/activation"
    activation = threading.Thread(target=lambda: status.append(tenant.api("PUT", path).status_code))
    activation.start()
    eventually(lambda: receiver.handshakes)
    assert tenant.api("GET", "/jobs").status_code == 200
    go_on.set()
    activation.join(60)
    assert status == [204]


def test_refused_subscriptions(tenant: Tenant, receiver: Receiver) -> None:
    for url in ("http://example.org/hook", "ftp://127.0.0.1/", "nonsense", "http://[::1"):
        assert code(create(tenant, url)) == (422, "INVALID_CALLBACK_URL")
    unknown = create(tenant, receiver.url, events=["assessment.finished"])
    assert code(unknown) == (422, "INVALID_EVENT_NAME")
    wrong = {"type": "header", "headerName": "Authorization", "headerValue": "x"}
    assert create(tenant, receiver.url, callbackAuthentication=wrong).status_code == 400


def test_at_most_twenty_subscriptions_and_sixteen_keys(tenant: Tenant, receiver: Receiver) -> None:
    tenant.sandbox.control("POST", "/settings", limits=False)
    made = [create(tenant, receiver.url) for _ in range(21)]
    assert [answer.status_code for answer in made] == [201] * 20 + [403]
    assert code(made[-1]) == (403, "SUBSCRIPTIONS_LIMIT_EXCEEDED")
    first = tenant.api("GET", f"{BASE}?limit=15")
    rest = tenant.api("GET", first.links["next"]["url"])
    ids = [each["id"] for each in first.json() + rest.json()]
    assert ids == [answer.json()["id"] for answer in made[:20]]
    assert "next" not in rest.links
    path = f"{BASE}/{ids[0]}/secret-key"
    assert tenant.api("GET", path).status_code == 404
    keys = [tenant.api("POST", path) for _ in range(17)]
    assert [answer.status_code for answer in keys] == [201] * 16 + [403]
    assert tenant.api("GET", path).json() == keys[15].json()


def test_a_move_is_delivered(tenant: Tenant, receiver: Receiver) -> None:
    subscribe(tenant, receiver, ["application.status.updated"])
    job_id = tenant.job()
    candidate_id = tenant.candidate(job_id)
    tenant.move(candidate_id, job_id, "IN_REVIEW", "Phone screen")
    (first,) = receiver.wait_for(1)
    application_id = tenant.control("GET", f"/candidates/{candidate_id}")["applications"][0][
        "applicationId"
    ]
    assert json.loads(first.body) == {
        "job_id": job_id,
        "candidate_id": candidate_id,
        "application_id": application_id,
    }
    assert first.headers["event-name"] == "application.status.updated"
    assert first.headers["event-version"] == "v201910"
    assert first.headers["content-type"] == "application/json"
    expected = f"<{tenant.sandbox.url}/candidates/{candidate_id}/jobs/{job_id}>; rel=self"
    assert first.headers["link"] == expected
    tenant.move(candidate_id, job_id, "IN_REVIEW", "Assessment")
    receiver.wait_for(2)
    assert tenant.move(candidate_id, job_id, "IN_REVIEW", "Assessment")["changed"] is False
    tenant.sandbox.control("POST", "/settings", sub_status_events=False)
    tenant.move(candidate_id, job_id, "IN_REVIEW", "Phone screen")
    tenant.move(candidate_id, job_id, "HIRED")
    assert len(receiver.wait_for(3)) == 3


def test_each_verb_sends_its_event(tenant: Tenant, receiver: Receiver) -> None:
    names = [
        *("job.created", "job.updated", "job.status.updated", "candidate.created"),
        *("application.created", "candidate.updated", "application.fields.updated"),
        *("application.attachment.created", "candidate.deleted"),
    ]
    subscribe(tenant, receiver, names)
    job_id = tenant.job()
    tenant.control("POST", f"/jobs/{job_id}", title="New title")
    tenant.control("POST", f"/jobs/{job_id}", status="ON_HOLD")
    candidate_id = tenant.candidate(job_id)
    path = f"/candidates/{candidate_id}"
    tenant.control("POST", path, email="new@example.org")
    field = tenant.facts["properties"][0]["id"]
    tenant.api("PUT", f"{path}/jobs/{job_id}/properties", json=[{"id": field, "value": 1}])
    tenant.api(
        "POST",
        f"{path}/jobs/{job_id}/attachments",
        data={"attachmentType": "RESUME"},
        files={"file": ("cv.txt", b"me", "text/plain")},
    )
    tenant.control("DELETE", path)
    received = receiver.wait_for(len(names))
    assert sorted(each.headers["event-name"] for each in received) == sorted(names)


def test_callback_authentication(tenant: Tenant, receiver: Receiver) -> None:
    wish = {"type": "header", "headerName": "X-Vendor-Token", "headerValue": "long"}
    made = create(tenant, receiver.url, callbackAuthentication=wish).json()
    tenant.api("PUT", f"{BASE}/{made['id']}/activation")
    tenant.job()
    (received,) = receiver.wait_for(1)
    assert received.headers["x-vendor-token"] == "long"


def test_the_ladder_keeps_the_event_id_and_then_suspends(
    tenant: Tenant, receiver: Receiver
) -> None:
    subscription_id, _ = subscribe(tenant, receiver)
    for _ in range(11):
        receiver.answers.put(500)
    tenant.job()
    receiver.wait_for(1)
    for attempt, minutes in enumerate(MINUTES, 1):
        eventually(lambda count=attempt: len(deliveries(tenant)[0]["attempts"]) == count)
        tenant.sandbox.control("POST", "/clock", advance_seconds=minutes * 60 - 20)
        assert len(receiver.received) == attempt, "redelivered too early"
        tenant.sandbox.control("POST", "/clock", advance_seconds=20)
        receiver.wait_for(attempt + 1)
    assert len({each.headers["event-id"] for each in receiver.received}) == 1
    assert len({each.body for each in receiver.received}) == 1
    stamps = [int(each.headers["smartrecruiters-timestamp"]) for each in receiver.received]
    assert stamps == sorted(stamps)
    assert stamps[-1] - stamps[0] >= sum(MINUTES) * 60
    eventually(lambda: tenant.control("GET", "/subscriptions")[0]["suspended"])
    assert deliveries(tenant)[0]["state"] == "failed"
    tenant.job("Not heard of")
    assert len(deliveries(tenant)) == 1
    tenant.token = ""  # the first one has expired meanwhile
    assert tenant.api("GET", f"{BASE}/{subscription_id}").json()["status"] == "inactive"


def test_a_suspended_subscription_is_activated_again(tenant: Tenant, receiver: Receiver) -> None:
    subscription_id, _ = subscribe(tenant, receiver)
    tenant.control("POST", f"/subscriptions/{subscription_id}/suspend")
    assert tenant.api("GET", f"{BASE}/{subscription_id}").json()["status"] == "inactive"
    tenant.job("Missed")
    assert tenant.api("PUT", f"{BASE}/{subscription_id}/activation").status_code == 204
    tenant.job("Heard")
    assert len(receiver.wait_for(1)) == 1


@pytest.mark.parametrize("status", [200, 204, 302, 404, 500])
def test_only_202_is_success(tenant: Tenant, receiver: Receiver, status: int) -> None:
    subscribe(tenant, receiver)
    receiver.answers.put(status)
    tenant.job()
    (delivery,) = eventually(lambda: [d for d in deliveries(tenant) if d["attempts"]])
    assert (delivery["state"], delivery["attempts"][0]["status"]) == ("pending", status)
    tenant.sandbox.control("POST", "/clock", advance_seconds=60)
    eventually(lambda: deliveries(tenant, state="delivered"))


def test_a_slow_receiver_fails(tenant: Tenant, receiver: Receiver) -> None:
    tenant.sandbox.control("POST", "/settings", ack_timeout_seconds=0.2)
    subscribe(tenant, receiver)
    receiver.delay_seconds = 0.5
    tenant.job()
    (delivery,) = eventually(lambda: [d for d in deliveries(tenant) if d["attempts"]])
    assert delivery["attempts"][0]["error"] in ("ReadTimeout", "answered too late")


def test_callbacks_log(tenant: Tenant, receiver: Receiver) -> None:
    tenant.sandbox.control("POST", "/settings", limits=False)
    subscription_id, _ = subscribe(tenant, receiver)
    path = f"{BASE}/{subscription_id}/callbacks-log"
    receiver.answers.put(500)
    tenant.job("Fails first")
    eventually(lambda: len(tenant.api("GET", path).json()) == 1)
    tenant.sandbox.control("POST", "/clock", advance_seconds=61)
    eventually(lambda: len(deliveries(tenant, state="delivered")) == 1)
    newest, oldest = tenant.api("GET", path).json()
    assert (newest["status"], oldest["status"]) == ("successful", "failed")
    details = newest["requestDetails"]
    assert details["url"] == receiver.url
    assert details["body"] == receiver.received[1].body.decode()
    assert details["headers"]["event-id"] == receiver.received[0].headers["event-id"]
    assert tenant.api("GET", path, params={"callbackStatus": "failed"}).json() == [oldest]
    after = {"after": oldest["timestamp"], "limit": 1}
    assert tenant.api("GET", path, params=after).json() == [newest]
    before = {"before": newest["timestamp"]}
    assert tenant.api("GET", path, params=before).json() == [oldest]
    first = tenant.api("GET", f"{path}?limit=1")
    assert tenant.api("GET", first.links["next"]["url"]).json() == [oldest]


def test_redeliver_many_at_once(tenant: Tenant, receiver: Receiver) -> None:
    subscribe(tenant, receiver)
    tenant.job()
    event_id = eventually(lambda: deliveries(tenant, state="delivered"))[0]["eventId"]
    tenant.sandbox.control("POST", f"/deliveries/{event_id}/redeliver", times=5, concurrently=True)
    received = receiver.wait_for(6)
    assert {each.headers["event-id"] for each in received} == {event_id}
    tenant.sandbox.control("POST", f"/deliveries/{event_id}/redeliver", times=3)
    receiver.wait_for(9)
