"""One invitation: why (not) invited, by hand, again, to another address, extended, cancelled."""

import re

from playwright.sync_api import Page

from tests.services.processes import eventually
from tools.screenshots.candidate import answer
from tools.screenshots.studio import PATIENCE_MS, Studio, follow, press, says
from tools.tour_visitor import Visitor

WAITING = "mohammed@example.org"
WRONG = "lost@nowhere.example"
LATE = "lena.laat@example.org"
LEFT = "pia.palm@example.org"


def walk(studio: Studio) -> None:
    with studio.window("reviewer") as page:
        _why(studio, page)
        _manage(studio, page)
        _unreached(studio, page)
        _too_late(studio, page)
        _left_half_way(studio, page)


def _why(studio: Studio, page: Page) -> None:
    job = studio.known["job"]
    page.goto(f"{job}/why")
    studio.shoot(page, "why-nothing-asked", "Why (not) invited? Nothing asked yet")
    for text, name, title in (
        ("Noor", "why", "no address"),
        ("Ada", "why-invited", "invited"),
        ("Nobody At All", "why-nobody", "nobody of that name"),
    ):
        page.goto(f"{job}/why?q={text}")
        studio.shoot(page, name, f"Why (not) invited? {title.capitalize()}")
    page.goto(f"{job}/why?q=Vera")
    eventually(lambda: _reload(page).get_by_text("Not invited").count(), PATIENCE_MS / 1000)
    studio.shoot(page, "why-not-moved", "Why (not) invited? Not in that stage")
    follow(page, "Invite by hand …")
    studio.shoot(page, "invite", "Invite by hand?")
    press(page, "Invite")
    says(page, "The invitation is on its way.")
    studio.shoot(page, "invitation-by-hand", "An invitation, made by hand")


def manage(name: str) -> re.Pattern[str]:
    """The link of this person's invitation: an isolating sign stands before the name."""
    return re.compile(rf"Manage \W?{re.escape(name)}")


def _reload(page: Page) -> Page:
    page.reload()
    return page


def _manage(studio: Studio, page: Page) -> None:
    page.goto(studio.known["job"])
    page.get_by_role("link", name=manage("محمد")).click()
    studio.shoot(page, "invitation", "An invitation")
    page.get_by_label("Correct the address").fill("not an address")
    press(page, "Correct and send")
    studio.shoot(page, "invitation-wrong", "An invitation: not an address")
    page.get_by_label("Correct the address").fill(f"m.{WAITING}")
    press(page, "Correct and send")
    studio.shoot(page, "invitation-corrected", "An invitation: the address is corrected")
    studio.box.link_for(f"m.{WAITING}", studio.url)
    eventually(
        lambda: _reload(page).get_by_role("button", name="Send again").count(), PATIENCE_MS / 1000
    )
    press(page, "Extend")
    says(page, "The invitation is extended.")
    studio.shoot(page, "invitation-extended", "An invitation: extended")
    page.goto(studio.box.mail_page(f"m.{WAITING}", "gives you more time"))
    studio.shoot(page, "mail-extension", "Mail: more time")
    page.go_back()
    _new_link(studio, page)
    follow(page, "Cancel invitation …")
    studio.shoot(page, "invitation-cancel", "Cancel an invitation?")
    press(page, "Cancel invitation")
    studio.shoot(page, "invitation-cancelled", "An invitation: cancelled")
    follow(page, "Invite again …")
    studio.shoot(page, "invite-again", "Invite again?")
    page.goto(studio.box.link_for(f"m.{WAITING}", studio.url))
    studio.shoot(page, "take-cancelled", "Candidate: the invitation was withdrawn")


def _new_link(studio: Studio, page: Page) -> None:
    old = studio.box.link_for(f"m.{WAITING}", studio.url)
    follow(page, "Make a new link …")
    studio.shoot(page, "invitation-new-link", "Make a new link?")
    press(page, "Make a new link")
    says(page, "The new link is on its way.")
    invitation = page.url
    page.goto(studio.box.mail_page(f"m.{WAITING}", "Your new link"))
    studio.shoot(page, "mail-new-link", "Mail: a new link")
    page.goto(old)
    studio.shoot(page, "take-replaced", "Candidate: the link was replaced")
    page.goto(invitation)


def _unreached(studio: Studio, page: Page) -> None:
    """Invite somebody whose mailbox does not exist."""
    studio.box.refuse_mail_to(WRONG)
    studio.box.invite(studio.box.add("Liv", "Lost", WRONG))
    page.goto(f"{studio.known['job']}?state=undeliverable")
    lost = page.get_by_role("link", name=manage("Liv Lost"))
    eventually(lambda: _reload(page) and lost.count(), PATIENCE_MS / 1000)
    page.goto(studio.known["job"])
    studio.shoot(page, "job-undeliverable", "A job: a mail did not arrive")
    follow(page, "Liv Lost")
    studio.shoot(page, "profile-undeliverable", "A profile: the mail did not arrive")
    page.go_back()
    lost.click()
    studio.shoot(page, "invitation-undeliverable", "An invitation that did not arrive")


def _too_late(studio: Studio, page: Page) -> None:
    studio.box.invite(studio.box.add("Lena", "Laat", LATE))
    link = studio.box.link_for(LATE, studio.url)
    studio.backstage("expire", LATE)
    page.goto(f"{studio.known['job']}?state=expired")
    page.get_by_role("link", name=manage("Lena Laat")).click()
    studio.shoot(page, "invitation-expired", "An invitation whose time is over")
    page.goto(link)
    studio.shoot(page, "take-expired", "Candidate: the time is over")


def _left_half_way(studio: Studio, page: Page) -> None:
    """Somebody answers most questions and does not come back before the time is over."""
    studio.box.invite(studio.box.add("Pia", "Palm", LEFT))
    link = studio.box.link_for(LEFT, studio.url)
    answer(Visitor(studio.url), link, finish=False, pages=8)
    studio.backstage("time_over", LEFT)
    page.goto(f"{studio.known['job']}?state=partly_completed")
    pia = page.get_by_role("link", name=manage("Pia Palm"))
    eventually(lambda: _reload(page) and pia.count(), PATIENCE_MS / 1000)
    studio.shoot(page, "job-partly-completed", "A job: somebody ran out of time")
    follow(page, "Pia Palm")
    studio.shoot(page, "profile-partly-completed", "A profile: partly completed")
    page.go_back()
    pia.click()
    studio.shoot(page, "invitation-partly-completed", "An invitation: partly completed")
    page.goto(studio.box.mail_page(LEFT, "has ended"))
    studio.shoot(page, "mail-ended", "Mail: the time has ended")
    page.goto(link)
    studio.shoot(page, "take-partly-completed", "Candidate: the time ended half-way")
