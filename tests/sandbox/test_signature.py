"""Known answers of the delivery signature, and the signature of a real delivery."""

import hashlib
import hmac

from sandbox.signature import sign, signature_header
from tests.sandbox.drive import BASE, Received, Receiver, Tenant, eventually, subscribe

OFFICIAL = {
    "timestamp": "1574080897",
    "body": b'{"job_id":"jid","candidate_id":"cid"}',
    "event_id": "123",
    "event_name": "application.created",
    "event_version": "v201910",
    "link": "<http://smartrecruiters.com/endpoint>; rel=self",
}


def test_official_known_answer() -> None:
    """SmartRecruiters' published OpenAPI file, webhooks, example of a signature."""
    digest = sign("HeBVky2bccvvkcXPimH8c", **OFFICIAL)
    assert digest == "2e9291f10d44ca10204a4cd81b05d73b6a316b2b605d4e2e0e0b37b40198ce1f"


def test_missing_link_counts_as_the_empty_string() -> None:
    candidate, job = "b6a3c0a4-8f39-4f0b-8a93-5a9b1c2d3e4f", "7f0d1c1e-2f52-4a5e-9d3a-0b6f6a1f9c11"
    body = (
        f'{{"job_id":"{job}","candidate_id":"{candidate}",'
        '"application_id":"0c9d8e7f-6a5b-4c3d-2e1f-0a9b8c7d6e5f"}'
    ).encode()
    values = ("1760000000", body, "11111111-2222-4333-8444-555555555555")
    values += ("application.status.updated", "v201910")
    link = f'<https://api.smartrecruiters.com/candidates/{candidate}/jobs/{job}>; rel="self"'
    with_link = [sign(f"test-secret-key-000{n}", *values, link) for n in (1, 2)]
    assert signature_header(with_link) == (
        "v1=b930d2b30bff5cf977c672cbe46a864725482eea04ceba22a57922498d02b300;"
        "v1=e162a7ac8ebd56e6b6accc640419130002a037eae41c680f16765655dcc6a524"
    )
    assert sign("test-secret-key-0001", *values, "") == (
        "9999844d3e0ce3c7eed5f319befcaa963abc3a76f273109420d6fa5b4e33003c"
    )


def recomputed(secret: str, received: Received) -> str:
    """The signature from what arrived on the wire, written without the sandbox's own code."""
    names = ("event-id", "event-name", "event-version", "link")
    parts = [received.headers["smartrecruiters-timestamp"].encode(), received.body]
    parts += [received.headers.get(name, "").encode() for name in names]
    return hmac.new(secret.encode(), b".".join(parts), hashlib.sha256).hexdigest()


def test_a_delivery_is_signed_with_every_live_key(tenant: Tenant, receiver: Receiver) -> None:
    subscription_id, first = subscribe(tenant, receiver)
    second = tenant.api("POST", f"{BASE}/{subscription_id}/secret-key").json()["secretKey"]
    tenant.job("Signed twice")
    (both,) = receiver.wait_for(1)
    assert both.headers["smartrecruiters-signature"] == ";".join(
        f"v1={recomputed(secret, both)}" for secret in (first, second)
    )
    tenant.sandbox.control("POST", "/clock", advance_seconds=24 * 3600 + 1)
    tenant.token = ""
    tenant.job("Signed once")
    once = receiver.wait_for(2)[1]
    assert once.headers["smartrecruiters-signature"] == f"v1={recomputed(second, once)}"


def test_without_a_key_nothing_is_signed(tenant: Tenant, receiver: Receiver) -> None:
    subscribe(tenant, receiver, key=False)
    tenant.job("Unsigned")
    (received,) = receiver.wait_for(1)
    assert "smartrecruiters-signature" not in received.headers
    assert "smartrecruiters-timestamp" not in received.headers


def test_a_deleted_candidate_has_no_link(tenant: Tenant, receiver: Receiver) -> None:
    _, secret = subscribe(tenant, receiver, ["candidate.deleted"])
    candidate_id = tenant.candidate(tenant.job())
    assert tenant.api("DELETE", f"/candidates/{candidate_id}").status_code == 204
    (received,) = receiver.wait_for(1)
    assert "link" not in received.headers
    assert received.body == f'{{"id":"{candidate_id}"}}'.encode()
    expected = f"v1={recomputed(secret, received)}"
    assert received.headers["smartrecruiters-signature"] == expected
    eventually(lambda: tenant.sandbox.control("GET", "/deliveries/summary")["delivered"] == 1)
