"""The pages: every one answers, nothing in them is executed, and the steps can be followed."""

import re
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.sandbox.drive import BASE, Receiver, Sandbox, Tenant, subscribe, token_for

NORTHWIND = "NorthwindLogistics"


@pytest.fixture
def demo(sandbox: Sandbox) -> Sandbox:
    sandbox.control("POST", "/reset", seed="demo")
    return sandbox


def read(sandbox: Sandbox, path: str, status: int = 200) -> str:
    answer = requests.get(sandbox.url + path, timeout=10)
    assert answer.status_code == status, answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert not re.search(
        r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"(?:https?:)?//", answer.text
    )
    return answer.text


def post(sandbox: Sandbox, path: str, **form: str) -> requests.Response:
    return requests.post(sandbox.url + path, data=form, timeout=10, allow_redirects=False)


def test_the_demo_has_what_is_awkward(demo: Sandbox) -> None:
    jobs = demo.control("GET", f"/companies/{NORTHWIND}/jobs")
    people = demo.control("GET", f"/companies/{NORTHWIND}/candidates")
    assert (len(jobs), len(people)) == (14, 60)
    titles = [job["title"] for job in jobs]
    assert titles.count("Java Developer") == 2
    assert any("<script>" in title for title in titles)
    assert any(job["status"] == "CANCELLED" for job in jobs)
    assert any(person["email"] is None for person in people)
    assert any(len(person["applications"]) == 2 for person in people)
    assert len({job["hiringProcessId"] for job in jobs}) == 2
    demo.control("POST", "/reset", seed="demo")
    again = demo.control("GET", f"/companies/{NORTHWIND}/jobs")
    assert [job["id"] for job in again] == [job["id"] for job in jobs]


def test_every_page_answers(demo: Sandbox) -> None:
    jobs = demo.control("GET", f"/companies/{NORTHWIND}/jobs")
    people = demo.control("GET", f"/companies/{NORTHWIND}/candidates")
    base = f"/app/{NORTHWIND}"
    for path in ("/", "/mail", "/faults", *(f"{base}/{name}" for name in ("jobs", "candidates"))):
        read(demo, path)
    for job in jobs:
        assert "<script>alert" not in read(demo, f"{base}/jobs/{job['id']}")
        read(demo, f"{base}/jobs/{job['id']}/hiring-process")
        read(demo, f"{base}/jobs/{job['id']}/candidates/new")
    for person in people:
        read(demo, f"{base}/candidates/{person['id']}")
    for path in ("", "/apps/credentials", "/apps/credentials/new", "/apps/webhooks"):
        read(demo, f"{base}/settings{path}")
    for kind in ("oauth", "api_key"):
        read(demo, f"{base}/settings/apps/credentials/new/details?kind={kind}")
    read(demo, f"{base}/jobs/nothing", 404)
    read(demo, "/app/Nobody/jobs", 404)
    read(demo, "/mail/999", 404)


def test_jobs_are_found_by_id_and_reference(tenant: Tenant) -> None:
    job_id = tenant.job("Planner", refNumber="REF77X")
    tenant.job("Welder")
    for text in (job_id, "ref77x", "PLAN"):
        page = read(tenant.sandbox, f"/app/{tenant.id}/jobs?q={text}")
        assert "Planner" in page
        assert "Welder" not in page


def test_a_form_of_another_site_is_refused(tenant: Tenant) -> None:
    for path in (f"/app/{tenant.id}/jobs/new", "/mail/delete", "/faults/clear"):
        headers = {"Origin": "https://elsewhere.example"}
        answer = requests.post(tenant.sandbox.url + path, headers=headers, timeout=10)
        assert answer.status_code == 403
    assert tenant.api("GET", "/jobs").json()["totalFound"] == 0


def test_bad_forms_are_explained(tenant: Tenant) -> None:
    job_id = tenant.job()
    path = f"/candidates/{tenant.candidate(job_id)}/jobs/{job_id}"
    refused = {
        f"/app/{tenant.id}{path}/move": {"stage": "IN_REVIEW|Dancing"},
        f"/app/{tenant.id}/jobs/new": {"title": " "},
        f"/app/{tenant.id}/jobs/{job_id}/candidates/new": {"first_name": "A"},
        f"/app/{tenant.id}/jobs/{job_id}/status": {"status": "LOST"},
        "/faults/add": {"kind": "earthquake"},
        "/faults/clock": {"minutes": "-1"},
    }
    for target, form in refused.items():
        answer = post(tenant.sandbox, target, **form)
        assert answer.status_code == 400, target
        assert "This did not work" in answer.text


def test_a_note_is_linked_and_never_executed(tenant: Tenant) -> None:
    candidate_id = tenant.candidate(tenant.job())
    content = (
        f"#[CANDIDATE:{candidate_id}] <img src=x onerror=alert(1)> "
        "View details: https://eqsr.example/candidates/7?a=1&b=2."
    )
    wish = {"content": content, "shareWith": {"openNote": True}}
    assert tenant.api("POST", "/messages/shares", json=wish).status_code == 201
    answer = requests.get(
        f"{tenant.sandbox.url}/app/{tenant.id}/candidates/{candidate_id}", timeout=10
    )
    assert '<a href="https://eqsr.example/candidates/7?a=1&amp;b=2" rel="noopener">' in answer.text
    assert "&lt;img src=x" in answer.text
    assert "<img" not in answer.text
    assert "Open note" in answer.text


def test_profiles_are_merged_transferred_and_removed_on_the_page(tenant: Tenant) -> None:
    one, two = tenant.job("One"), tenant.job("Two")
    gone, kept = tenant.candidate(one), tenant.candidate(two)
    there = f"/app/{tenant.id}/candidates"
    assert "It cannot be undone" in read(tenant.sandbox, f"{there}/{gone}")
    merged = post(tenant.sandbox, f"{there}/{gone}/merge", into=kept)
    assert merged.headers["Location"].endswith(kept)
    read(tenant.sandbox, f"{there}/{gone}", 404)
    three = tenant.job("Three")
    moved = post(tenant.sandbox, f"{there}/{kept}/jobs/{one}/transfer", to=three)
    assert moved.status_code == 302
    assert post(tenant.sandbox, f"{there}/{kept}/jobs/{two}/remove").status_code == 302
    found = tenant.control("GET", f"/candidates/{kept}")["applications"]
    stages = {application["jobTitle"]: application["status"] for application in found}
    assert stages == {"One": "TRANSFERRED", "Three": "NEW"}
    assert post(tenant.sandbox, f"{there}/{kept}/merge", into="nobody").status_code == 404
    assert post(tenant.sandbox, f"{there}/{kept}/merge", into=kept).status_code == 400


def test_webhooks_page(tenant: Tenant, receiver: Receiver) -> None:
    subscription_id, _ = subscribe(tenant, receiver)
    tenant.job()
    received = receiver.wait_for(1)[0]
    base = f"/app/{tenant.id}/settings/apps/webhooks"
    page = requests.get(tenant.sandbox.url + base, timeout=10).text
    event_id = received.headers["event-id"]
    assert receiver.url in page
    assert event_id in page
    assert post(tenant.sandbox, f"{base}/deliveries/{event_id}/redeliver", times="2").ok
    receiver.wait_for(3)
    assert post(tenant.sandbox, f"{base}/{subscription_id}/suspend").ok
    assert tenant.api("GET", f"{BASE}/{subscription_id}").json()["status"] == "inactive"


def test_mail_page(sandbox: Sandbox) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.com", "<b>Hi"
    message.set_content("Start: https://example.com/take/1")
    message.add_alternative("<p>Hello<script>alert(1)</script></p>", subtype="html")
    with smtplib.SMTP(sandbox.smtp_host, sandbox.smtp_port, timeout=60) as client:
        client.send_message(message)
    number = sandbox.control("GET", "/mails")[0]["id"]
    assert "&lt;b&gt;Hi" in requests.get(f"{sandbox.url}/mail", timeout=10).text
    page = requests.get(f"{sandbox.url}/mail/{number}", timeout=10).text
    assert '<a href="https://example.com/take/1" rel="noopener">' in page
    frame = requests.get(f"{sandbox.url}/mail/{number}/html", timeout=10)
    policy = frame.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy
    assert post(sandbox, "/mail/delete").status_code == 302
    assert sandbox.control("GET", "/mails") == []


@pytest.fixture(params=[True, False], ids=["with-script", "without-script"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(
        java_script_enabled=request.param, viewport={"width": 390, "height": 844}
    )
    found = context.new_page()
    mistakes: list[str] = []
    found.on("pageerror", lambda error: mistakes.append(str(error)))
    found.on("dialog", lambda dialog: mistakes.append(dialog.message))
    yield found
    context.close()
    assert mistakes == []


def value_of(page: Page, label: str) -> str:
    return page.get_by_label(label, exact=True).input_value()


@pytest.mark.browser
def test_the_administrator_makes_a_credential(demo: Sandbox, page: Page) -> None:
    page.goto(demo.url)
    page.get_by_role("link", name="Northwind Logistics").click()
    page.get_by_label("Account menu of Avery Admin").click()
    page.get_by_role("link", name="Settings / Admin").click()
    page.get_by_role("link", name="Apps & Integrations").click()
    expect(page.get_by_role("link", name="Credentials")).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="New Credential").click()
    page.get_by_role("radio", name="OAuth Client ID").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Credential name").fill("Equalture")
    page.get_by_label("Description").fill("Assessments")
    page.get_by_label("System role").select_option("Administrator")
    search = page.get_by_role("searchbox", name="Search scopes")
    if search.is_visible():
        search.fill("jobs_read")
        expect(page.get_by_role("checkbox", name="users_read", exact=True)).to_be_hidden()
    page.get_by_role("checkbox", name="jobs_read", exact=True).check()
    if search.is_visible():
        search.fill("")
    page.get_by_role("checkbox", name="company_read", exact=True).check()
    page.get_by_role("button", name="Generate").click()
    credential = {
        "clientId": value_of(page, "Client ID"),
        "clientSecret": value_of(page, "Client secret"),
    }
    headers = {"Authorization": f"Bearer {token_for(demo, credential)}"}
    statuses = [
        requests.get(demo.url + path, headers=headers, timeout=10).status_code
        for path in ("/jobs", "/configuration/company", "/candidates")
    ]
    assert statuses == [200, 200, 403]
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("shown once only")
    assert credential["clientSecret"] not in page.content()
    page.get_by_role("button", name="Revoke Equalture").click()
    expect(page.get_by_text("Revoked", exact=True)).to_be_visible()
    assert requests.get(demo.url + "/jobs", headers=headers, timeout=10).status_code == 401


@pytest.mark.browser
def test_a_recruiter_adds_and_moves_a_candidate(
    tenant: Tenant, receiver: Receiver, page: Page
) -> None:
    subscribe(tenant, receiver, ["application.created", "application.status.updated"])
    tenant.job("Tester")
    page.goto(f"{tenant.sandbox.url}/app/{tenant.id}/jobs")
    page.get_by_role("link", name="Tester").click()
    page.get_by_role("link", name="Add candidate").click()
    page.get_by_label("First name").fill("Ada")
    page.get_by_label("Last name").fill("Jansen")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_role("button", name="Add candidate").click()
    page.get_by_label("Move Ada Jansen to").select_option("In review: Assessment")
    page.get_by_role("button", name="Move Ada Jansen").click()
    expect(page.get_by_role("status")).to_contain_text("Ada Jansen has moved")
    names = [each.headers["event-name"] for each in receiver.wait_for(2)]
    assert names == ["application.created", "application.status.updated"]
    page.get_by_role("link", name="Ada Jansen").click()
    expect(page.get_by_text("In review: Assessment").first).to_be_visible()
    page.get_by_label("Write an open note").fill("See https://example.org/x for more")
    page.get_by_role("button", name="Share note").click()
    expect(page.get_by_role("link", name="https://example.org/x")).to_be_visible()
    moves: list[dict[str, Any]] = tenant.control("GET", "/books")["moves"]
    assert [move["subStatus"] for move in moves] == [None, "Assessment"]


@pytest.mark.browser
def test_a_script_in_a_title_stays_text_and_phones_do_not_scroll_sideways(
    demo: Sandbox, page: Page
) -> None:
    jobs = demo.control("GET", f"/companies/{NORTHWIND}/jobs")
    odd = next(job for job in jobs if "<script>" in job["title"])
    base = f"{demo.url}/app/{NORTHWIND}"
    for path in (f"/jobs/{odd['id']}", "/jobs", f"/jobs/{jobs[0]['id']}", "/candidates"):
        page.goto(base + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(f"{base}/jobs/{odd['id']}")
    expect(page.get_by_role("heading", level=1)).to_have_text(odd["title"])
