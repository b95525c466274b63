"""A job with an assessment on another platform: chosen, taken there, and its result shown here."""

import json
import time
import uuid
from urllib.parse import urlsplit

import requests
from playwright.sync_api import Page

from eqsr.extras.partner_api.signing import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from tools.screenshots.dialog import choose, find
from tools.screenshots.studio import Studio, follow, press, says

JOB = "Puzzle testers"
STAGE = "Interview: On-site"
FRANK = "frank.visser@example.org"
THERE = "https://assess.puzzle.example/start?invitation={invitation}"
SCALES = [
    {
        "name": "Planning",
        "value": 7.5,
        "band": {"low": 6, "high": 9},
        "norm": "1,204 applicants in logistics, 2025",
        "explanation": "Plans ahead, and changes the plan when it has to.\nAsk for an example.",
    },
    {"name": "Level of English", "value": "B2"},
]


def walk(studio: Studio) -> None:
    with studio.window("admin") as page:
        page.goto(f"{studio.url}/jobs/new")
        page.get_by_label("Title").fill(JOB)
        press(page, "Create job")
        follow(page, JOB)
        job = page.url
        follow(page, "Where it is taken")
        studio.shoot(page, "job-elsewhere", "A job: where it is taken")
        page.get_by_label("Platform").select_option(label="Puzzle House (assess.puzzle.example)")
        page.get_by_label("Link to its assessment").fill("https://elsewhere.example/")
        press(page, "Save")
        studio.shoot(page, "job-elsewhere-wrong", "A job: a link that can't be")
        page.get_by_label("Link to its assessment").fill(THERE)
        page.get_by_label("Minutes it takes").fill("25")
        press(page, "Save")
        says(page, "Taken at Puzzle House")
        studio.shoot(page, "job-at-platform", "A job that is taken elsewhere")
        _connect(page)
        studio.box.invite(studio.box.add("Frank", "Visser", FRANK), STAGE)
        with studio.window() as candidate:
            candidate.goto(studio.box.link_for(FRANK, studio.url))
            studio.shoot(candidate, "take-elsewhere", "Candidate: on to another platform")
            _tell(studio, candidate)
            candidate.reload()
            studio.shoot(candidate, "take-elsewhere-done", "Candidate: done at another platform")
        page.goto(job)
        follow(page, "Frank Visser")
        studio.shoot(page, "profile-elsewhere", "A profile with another platform's result")


def _connect(page: Page) -> None:
    press(page, "Connect")
    dialog = page.get_by_role("dialog")
    choose(find(dialog), STAGE)
    dialog.get_by_text("is in").or_(dialog.get_by_text("are in")).first.wait_for()
    dialog.get_by_role("button", name="Connect", exact=True).click()
    page.get_by_role("button", name="Change").wait_for()


def _tell(studio: Studio, candidate: Page) -> None:
    """Send what the platform's program sends when the person has finished."""
    there = candidate.get_by_role("link", name="Go to Puzzle House").get_attribute("href")
    invitation = there.split("invitation=")[1]
    address = f"{studio.known['platform address']}/invitations/{invitation}/events"
    event = {"event_id": str(uuid.uuid4()), "state": "completed", "scales": SCALES}
    body, moment = json.dumps(event).encode(), str(int(time.time()))
    signed = sign(studio.known["platform secret"], moment, "POST", urlsplit(address).path, body)
    headers = {
        TIMESTAMP_HEADER: moment,
        SIGNATURE_HEADER: f"sha256={signed}",
        "Content-Type": "application/json",
    }
    requests.post(address, data=body, headers=headers, timeout=30).raise_for_status()
