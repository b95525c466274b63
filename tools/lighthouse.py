"""``make lighthouse``: scores of the main pages on Lighthouse's mobile profile.

Exits with 0 only if every page reaches the target scores. Needs Node's npx and Chromium.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.services.browser import FLAGS, find_chromium
from tools.demo import ROOT, Demo, DemoFailed, running_demo
from tools.tour_page import NotThere
from tools.tour_story import (
    JOB,
    STEPS,
    Story,
    finish,
    link_in_mail,
    receive_invitation,
    see_note,
    take_assessment,
)

PROGRAM = "lighthouse@13.5.0"
AIMS = {"accessibility": 100, "best-practices": 95, "performance": 95}
FOLDER = ROOT / "build" / "lighthouse"
TIMEOUT = 240


def measure(name: str, url: str, cookies: str = "") -> dict[str, int]:
    """Return a page's score per category, 0 to 100; save the report in build/lighthouse."""
    report = FOLDER / f"{name}.json"
    headers = FOLDER / "headers.json"
    headers.write_text(json.dumps({"Cookie": cookies} if cookies else {}))
    command = ["npx", "--yes", PROGRAM, url, "--quiet", "--output=json", f"--output-path={report}"]
    command += [f"--only-categories={','.join(AIMS)}", f"--extra-headers={headers}"]
    command += [f"--chrome-flags={' '.join(('--headless=new', *FLAGS))}"]
    environment = os.environ | {"CHROME_PATH": find_chromium() or ""}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=TIMEOUT)
    headers.unlink()
    if done.returncode:
        raise DemoFailed(f"Lighthouse failed at {name}:\n{done.stderr}")
    return _scores(report)


def _scores(report: Path) -> dict[str, int]:
    result = json.loads(report.read_text())
    if warning := result.get("runtimeError"):
        raise DemoFailed(f"Lighthouse could not measure {result['requestedUrl']}: {warning}")
    return {key: round(100 * result["categories"][key]["score"]) for key in AIMS}


def lacks(report: Path) -> Iterator[str]:
    """Yield the audits that lost points in the categories below their target."""
    result = json.loads(report.read_text())
    for key, aim in AIMS.items():
        category = result["categories"][key]
        if round(100 * category["score"]) >= aim:
            continue
        for part in category["auditRefs"]:
            audit = result["audits"][part["id"]]
            if part["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                yield f"{audit['title']} {audit.get('displayValue', '')}".strip()


def _pages(demo: Demo) -> Iterator[tuple[str, str, str]]:
    """Yield name, address and cookies of each page when the story has reached it."""
    story = Story(demo)
    yield "login", f"{demo.web_url}/login", ""
    steps = [step for _, step in STEPS]
    for step in steps[: steps.index(receive_invitation) + 1]:
        step(story)
    link = link_in_mail(story, story.email)
    yield "candidate-landing", link, ""
    take_assessment(story)
    yield "candidate-questions", f"{link}/questions/1", ""
    finish(story)
    see_note(story)
    recruiter = story.recruiter
    jobs = f"{demo.web_url}/jobs"
    yield "jobs", jobs, recruiter.cookies()
    recruiter.go(jobs)
    recruiter.follow(JOB)
    yield "job", recruiter.url, recruiter.cookies()
    yield "profile", story.profile_url, recruiter.cookies()


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    good = True
    print(f"{'page':<22}" + "".join(f"{f'{key} ≥ {aim}':>21}" for key, aim in AIMS.items()))
    try:
        with running_demo(customer=False) as demo:
            for name, url, cookies in _pages(demo):
                scores = measure(name, url, cookies)
                print(f"{name:<22}" + "".join(f"{score:>21}" for score in scores.values()))
                for reason in lacks(FOLDER / f"{name}.json"):
                    print(f"    {reason}")
                good = good and all(scores[key] >= aim for key, aim in AIMS.items())
    except (DemoFailed, NotThere) as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
