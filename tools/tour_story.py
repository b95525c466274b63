"""The steps of the story, each done by the person whose step it is."""

import time
from collections.abc import Callable

from eqsr.instruments.catalogue import assessments, instrument
from tools.demo_customers import invite_reviewer, join
from tools.demo_people import CUSTOMER, NAMES, REVIEWER
from tools.tour_onboarding import (
    Story,
    choose_password,
    enter_credential,
    follow_link,
    link_in_mail,
    mails_to,
    make_credential,
    make_customer,
    mistype_credential,
    use_link_again,
)
from tools.tour_page import Element, NotThere
from tools.tour_visitor import Visitor, expect, log_in, log_in_here, until

# From the sandbox's seed, where two jobs have this title.
ATS_JOB, REFERENCE = "Java Developer", "REF172G"
STAGE = "In review: Assessment"
JOB = "Developers Amsterdam"
INSTRUMENT = instrument(assessments()[0].instruments[0])


def bring_recruiter(story: Story) -> None:
    invite_reviewer(story.admin)
    story.recruiter = join(story.demo.web_url, story.demo.sandbox_url, REVIEWER)


def create_job(story: Story) -> None:
    admin = story.admin
    admin.follow("Jobs")
    admin.follow("Create a Job")
    admin.press(
        "Create job",
        {"Title": JOB},
        {"Type": "Assessment (ATS integration)", "Which assessment": assessments()[0].name},
    )
    expect(admin, JOB)


def find_job(story: Story) -> str:
    ats = story.ats
    ats.follow("Jobs")
    ats.press("Search", {"Search by title, reference or ID": REFERENCE})
    ats.follow(ATS_JOB)
    story.ats_job_id = ats.url.split("/jobs/")[1]
    found = []
    for text in ("java dev", REFERENCE.lower(), story.ats_job_id):
        _search(story, text)
        found.append(len(_offered(story)))
        expect(story.admin, REFERENCE)
    if found != [2, 1, 1]:
        raise NotThere(f"searches found {found} jobs instead of 2, 1 and 1")
    return "found by title (2 jobs), by reference (1) and by ID (1)"


def connect_job(story: Story) -> None:
    admin = story.admin
    admin.press("Connect", {"Invitation stage": STAGE}, {"Search results": REFERENCE})
    for words in ("The job is connected.", REFERENCE, STAGE):
        expect(admin, words)


def share_job(story: Story) -> None:
    story.admin.follow("Jobs")
    story.admin.follow(JOB)
    story.admin.press("Add", {"Add to the team": NAMES[REVIEWER]})
    expect(story.admin, f"{NAMES[REVIEWER]} is on the team of this job.")


def move_candidate(story: Story) -> str:
    ats = story.ats
    ats.go(ats.url)
    person = _first_new(ats)
    name = next(one.text() for one in person.walk() if one.tag == "a")
    story.name = name
    story.email = next(
        one.text() for one in person.walk() if "email" in one.attrs.get("class", "").split()
    )
    story.moved_at = time.perf_counter()
    ats.press(f"Move {name}", {f"Move {name} to": STAGE})
    expect(ats, f"{name} has moved.")
    return f"{name} moved to “{STAGE}”"


def receive_invitation(story: Story) -> str:
    until(lambda: mails_to(story, story.email), "the invitation arrives")
    taken = (time.perf_counter() - story.moved_at) * 1000
    return f"stage move → mail accepted: {taken:.0f} ms"


def take_assessment(story: Story) -> str:
    candidate = story.candidate
    candidate.go(link_in_mail(story, story.email))
    expect(candidate, f"{CUSTOMER} invites you")
    candidate.press("Start")
    keyed = {item.text: item.keyed for item in INSTRUMENT.items}
    answered = 0
    while statements := candidate.page.legends():
        # Agree with the statements that indicate more of a trait: consistent, but varied.
        answers = {text: option_label(4 if keyed[text] == 1 else 2) for text in statements}
        candidate.press("Continue", choices=answers)
        answered += len(statements)
    expect(candidate, f"All {len(INSTRUMENT.items)} questions are answered")
    return f"{answered} answers given"


def finish(story: Story) -> None:
    story.candidate.press("Finish")
    expect(story.candidate, "Thank you")


def see_note(story: Story) -> str:
    ats = story.ats
    ats.follow(story.name)
    details = f"{story.demo.web_url}/candidates/"
    until(lambda: details in ats.go(ats.url).text(), "the note is on the profile")
    expect(ats, "View details:")
    for scale in INSTRUMENT.scales:
        expect(ats, f"{scale.name}:")
    for tag in ("Equalture invited", "Equalture completed"):
        until(lambda tag=tag: tag in ats.go(ats.url).text(), f"the tag “{tag}” is on the profile")
    notes = ats.page.text().count("View details:")
    if notes != 1:
        raise NotThere(f"there are {notes} notes instead of one")
    story.profile_url = ats.page.link(details)
    return "one note with the five scores, and two tags"


def view_details(story: Story) -> str:
    visitor = Visitor(story.demo.web_url)
    visitor.go(story.profile_url)
    expect(visitor, "Log in")
    if story.name in visitor.page.text():
        raise NotThere("a stranger sees the candidate's name")
    log_in_here(visitor, REVIEWER)
    if visitor.url != story.profile_url:
        raise NotThere(f"after the login the visitor is at {visitor.url}")
    text = visitor.page.text()
    for scale in INSTRUMENT.scales:
        expect(visitor, scale.name)
    explained = text.count("Ask in the interview"), text.count("of 10 (sten)")
    if explained != (5, 5) or "Not interpretable" in text:
        raise NotThere(f"the profile explains {explained} scores instead of five")
    return "five scores, each explained"


def keep_strangers_out(story: Story) -> None:
    stranger = Visitor(story.demo.web_url)
    log_in(stranger, story.demo.logins["stranger"])
    page = stranger.go(story.profile_url, expect=404)
    if story.name in page.text():
        raise NotThere("a stranger sees the candidate's name")


def count_mails(story: Story) -> None:
    found = len(mails_to(story, story.email))
    if found != 1:
        raise NotThere(f"the candidate got {found} mails instead of one")


STEPS: tuple[tuple[str, Callable[[Story], str | None]], ...] = (
    ("Staff makes a customer and mails an onboarding link", make_customer),
    ("The admin follows the link from the mail and agrees", follow_link),
    ("The admin makes the credential in SmartRecruiters", make_credential),
    ("A mistyped secret is refused in plain words", mistype_credential),
    ("The right one is checked live and connected", enter_credential),
    ("The admin chooses a password, and is logged in", choose_password),
    ("The used link can do nothing any more", use_link_again),
    ("The admin creates a job", create_job),
    ("The admin searches for the SmartRecruiters job", find_job),
    ("The admin chooses job and stage, and connects", connect_job),
    ("The admin invites a recruiter, who joins by the mail", bring_recruiter),
    ("The admin adds the recruiter to the job's team", share_job),
    ("A candidate is moved to that stage in SmartRecruiters", move_candidate),
    ("The invitation arrives", receive_invitation),
    ("The candidate opens the link and answers the questions", take_assessment),
    ("The candidate finishes", finish),
    ("The SmartRecruiters profile shows the summary and View details", see_note),
    ("A logged-out visitor follows View details and logs in", view_details),
    ("A stranger of another organisation gets a 404", keep_strangers_out),
    ("The candidate got exactly one mail", count_mails),
)


def _search(story: Story, text: str) -> None:
    if "/connect" not in story.admin.url:
        story.admin.press("Connect")
    story.admin.press("Search", {"SmartRecruiters job": text})


def _offered(story: Story) -> list[Element]:
    return [
        one
        for one in story.admin.page.elements
        if one.attrs.get("type") == "radio" and one.attrs.get("name") == "ats_job"
    ]


def _first_new(ats: Visitor) -> Element:
    for column in ats.page.elements:
        if column.attrs.get("class") == "column" and column.text().startswith("New"):
            return next(
                one
                for one in column.walk()
                if one.attrs.get("class") == "person" and "@" in one.text()
            )
    raise NotThere("nobody is in the stage New")


def option_label(value: int) -> str:
    return next(option.label for option in INSTRUMENT.options if option.value == value)
