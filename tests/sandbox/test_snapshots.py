"""Everything the sandbox holds can be kept, and brought back as often as wanted."""

import smtplib
from email.message import EmailMessage

from tests.sandbox.drive import BASE, Receiver, Sandbox, Tenant, eventually, subscribe

KEPT = "/snapshots/a-tenant"


def mail(sandbox: Sandbox, subject: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", subject
    with smtplib.SMTP(sandbox.smtp_host, sandbox.smtp_port, timeout=60) as client:
        client.send_message(message)


def subjects(sandbox: Sandbox) -> list[str]:
    return [each["subject"] for each in sandbox.control("GET", "/mails")]


def pending(sandbox: Sandbox) -> int:
    return sandbox.control("GET", "/deliveries/summary")["pending"]


def test_what_was_kept_comes_back_whatever_happened_since(
    tenant: Tenant, receiver: Receiver
) -> None:
    here = tenant.sandbox
    subscription_id, _ = subscribe(tenant, receiver, ["job.created"])
    job_id = tenant.job("Baker")
    eventually(lambda: not pending(here))
    mail(here, "kept")
    here.control("POST", "/settings", gone_status=403, limits=False)
    requests_kept = len(here.control("GET", "/requests"))
    here.control("POST", KEPT, expect=204)
    for _time in range(2):
        candidate_id = tenant.candidate(job_id)
        tenant.api("DELETE", f"{BASE}/{subscription_id}")
        here.control("POST", "/faults", kind="500")
        here.control("POST", "/settings", gone_status=404)
        mail(here, "not kept")
        here.control("POST", f"{KEPT}/restore", expect=204)

        assert len(here.control("GET", "/requests")) == requests_kept
        assert tenant.api("GET", f"/candidates/{candidate_id}").status_code == 401
        assert tenant.api("GET", f"{BASE}/{subscription_id}").json()["status"] == "active"
        assert here.control("GET", "/state")["settings"]["gone_status"] == 403
        assert subjects(here) == ["kept"]
        assert here.control("GET", "/faults") == []
        assert here.control("GET", "/deliveries/summary")["delivered"] == 1
        heard = len(receiver.received)
        tenant.job("Driver")
        receiver.wait_for(heard + 1)


def test_it_can_be_brought_back_after_a_reset_and_is_known_by_its_name(tenant: Tenant) -> None:
    here = tenant.sandbox
    here.control("POST", KEPT, expect=204)
    here.control("POST", "/reset")
    assert here.control("GET", "/companies") == []
    here.control("POST", f"{KEPT}/restore", expect=204)
    assert [each["id"] for each in here.control("GET", "/companies")] == [tenant.id]
    here.control("POST", "/snapshots/of-nothing/restore", expect=404)


def test_nothing_is_kept_while_something_is_still_to_be_delivered(
    tenant: Tenant, receiver: Receiver
) -> None:
    subscribe(tenant, receiver, ["job.created"])
    receiver.answers.put(500)
    tenant.job()
    receiver.wait_for(1)
    answer = tenant.sandbox.control("POST", KEPT, expect=409)
    assert answer.json()["errors"][0]["code"] == "DELIVERIES_PENDING"
