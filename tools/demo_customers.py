"""Creates a demo's customers as in real life: staff's page, a mail, a password."""

import re

import requests

from tools.demo_people import ADMIN, CUSTOMER, ELSEWHERE, NAMES, PASSWORD, REVIEWER, STAFF, STRANGER
from tools.tour_visitor import Visitor, expect, log_in, until


def make_customers(web_url: str, sandbox_url: str, customer: bool) -> tuple[dict[str, str], str]:
    """Return the logins by role and Northwind's onboarding link.

    Without ``customer`` create only staff and a stranger's organisation, and return no link.
    Raises NotThere.
    """
    staff = Visitor(web_url)
    log_in(staff, STAFF)
    logins = {"staff": STAFF, "stranger": STRANGER}
    invite_first_admin(staff, ELSEWHERE, STRANGER)
    if customer:
        invite_first_admin(staff, CUSTOMER, ADMIN)
        customers_page = staff.url
        admin = join(web_url, sandbox_url, ADMIN)
        invite_reviewer(admin)
    join(web_url, sandbox_url, STRANGER)
    if not customer:
        return logins, ""
    join(web_url, sandbox_url, REVIEWER)
    staff.go(customers_page)
    staff.press("Make link", {"Administrator's email": ADMIN, "Mail it now": False})
    link = staff.page.value("Onboarding link")
    return logins | {"admin": ADMIN, "reviewer": REVIEWER}, link


def invite_first_admin(staff: Visitor, name: str, email: str) -> None:
    """As staff, add a customer and invite its first admin."""
    staff.go("/customers")
    staff.follow("Add a customer")
    staff.press("Add customer", {"Name of the customer": name})
    staff.press("Invite the first admin", {"First admin's email": email})
    expect(staff, f"The invitation is on its way to {email}.")


def invite_reviewer(admin: Visitor) -> None:
    """As admin, invite the recruiter on the page Team."""
    admin.go("/team")
    admin.press("Send invitation", {"E-mail address": REVIEWER})
    expect(admin, "The invitation is on its way.")


def join(web_url: str, sandbox_url: str, email: str) -> Visitor:
    """Follow the invitation in the mail and choose a password."""
    visitor = Visitor(web_url)
    visitor.go(_join_link(sandbox_url, email))
    names = {"Your name": NAMES[email], "Password": PASSWORD, "Password again": PASSWORD}
    visitor.press("Join", names)
    expect(visitor, "Welcome!")
    return visitor


def _join_link(sandbox_url: str, email: str) -> str:
    found: list[str] = []

    def arrived() -> bool:
        query = {"to": email}
        mails = requests.get(f"{sandbox_url}/sandbox/api/mails", params=query, timeout=30).json()
        for mail in mails:
            found.extend(re.findall(r"https?://\S+/join/[\w-]+", mail["text"]))
        return bool(found)

    until(arrived, f"the invitation for {email} arrives")
    return found[-1]
