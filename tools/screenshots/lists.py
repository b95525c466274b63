"""Long lists: the overview of jobs with search, filters and pages; a fairness report."""

from tools.screenshots.studio import Studio, follow

NARROWED = (
    ("jobs-many", "", "Jobs: the first page of many"),
    ("jobs-page-2", "page=2", "Jobs: the second page"),
    ("jobs-searched", "q=warehouse&order=title", "Jobs: searched, by title"),
    ("jobs-closed", "show=closed", "Jobs: closed ones"),
    ("jobs-in-trouble", "show=trouble", "Jobs: those that need attention"),
    ("jobs-nothing", "q=astronaut", "Jobs: nothing found"),
)


def walk(studio: Studio) -> None:
    studio.backstage("jobs")
    studio.backstage("fairness")
    with studio.window("admin") as page:
        for name, query, title in NARROWED:
            page.goto(f"{studio.url}/jobs?{query}")
            studio.shoot(page, name, title)
        follow(page, "Results")
        follow(page, "Fairness")
        studio.shoot(page, "fairness-report", "Results: a fairness report")
        page.goto(f"{studio.url}/team")
        studio.shoot(page, "team-later", "Team: after a while")
    with studio.window("staff") as page:
        page.goto(f"{studio.url}/customers")
        studio.shoot(page, "customers-later", "Staff: customers, one of them connected")
        follow(page, "Northwind Logistics")
        studio.shoot(page, "customer-connected", "Staff: a customer who is connected")
