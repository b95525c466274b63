"""What may go wrong: errors, failed work, a revoked credential."""

from playwright.sync_api import Page

from tests.services.processes import eventually
from tools.screenshots.studio import Studio, follow, press, says


def walk(studio: Studio) -> None:
    _errors(studio)
    with studio.window("admin") as page:
        studio.backstage("trouble")
        page.goto(f"{studio.url}/connection")
        studio.shoot(page, "connection-issues", "The connection: an issue, and work given up")
        page.goto(f"{studio.url}/jobs?show=trouble")
        studio.shoot(page, "jobs-stuck", "Jobs: something is stuck")
        _revoked(studio, page)
        _reconnect(studio, page)
        _stage_gone(studio, page)
        _disconnected(studio, page)


def _errors(studio: Studio) -> None:
    with studio.window() as page:
        page.goto(f"{studio.url}/nothing-here")
        studio.shoot(page, "error-404-stranger", "Page not found, logged out")
    with studio.window("reviewer") as page:
        page.goto(f"{studio.url}/nothing-here")
        studio.shoot(page, "error-404", "Page not found")
        page.goto(f"{studio.url}/team")
        studio.shoot(page, "error-admins-only", "A page for admins, opened by a reviewer")
        page.goto(f"{studio.url}/password")
        page.locator("main input[name=csrf_token]").evaluate("one => one.value = 'old'")
        for field in page.locator("main input[type=password]").all():
            field.fill("whatever it was")
        press(page, "Change password")
        studio.shoot(page, "error-400", "A form that was open for too long")


def _revoked(studio: Studio, page: Page) -> None:
    studio.box.revoke(studio.known["credential"])
    page.goto(f"{studio.url}/connection")
    press(page, "Check now")
    studio.shoot(page, "connection-checking", "The connection is being checked")
    says(page, "Needs attention")
    page.reload()
    studio.shoot(page, "connection-trouble", "The connection needs attention")
    page.goto(f"{studio.url}/jobs")
    studio.shoot(page, "jobs-trouble", "Jobs: the connection needs attention")
    page.goto(studio.box.mail_page(studio.demo.logins["admin"], "needs you"))
    studio.shoot(page, "mail-connection-trouble", "Mail: the connection needs attention")
    with studio.window("reviewer") as reviewer:
        reviewer.goto(f"{studio.url}/connection")
        studio.shoot(reviewer, "connection-reviewer", "The connection, as a reviewer sees it")


def _reconnect(studio: Studio, page: Page) -> None:
    page.goto(f"{studio.url}/connection/reconnect")
    studio.shoot(page, "reconnect", "The connection: enter a new credential")
    whole = studio.box.credential()
    page.get_by_label("Client ID", exact=True).fill(whole["clientId"])
    page.get_by_label("Client Secret", exact=True).fill(whole["clientSecret"])
    press(page, "Continue")
    says(page, "SmartRecruiters is connected.")
    studio.shoot(page, "reconnect-check", "The connection: the new credential is tried")
    page.goto(studio.box.mail_page(studio.demo.logins["admin"], "replaced"))
    studio.shoot(page, "mail-credential-changed", "Mail: the credential was replaced")


def _stage_gone(studio: Studio, page: Page) -> None:
    studio.box.rename_stage("Assessment", "Online test")
    page.goto(f"{studio.url}/connection")
    press(page, "Check now")
    admin = studio.demo.logins["admin"]

    def told() -> bool:
        studio.backstage("notices")  # otherwise the notice comes only within half a minute
        return studio.box.has_mail(admin, "gone from SmartRecruiters")

    eventually(told, 60)
    page.goto(studio.box.mail_page(admin, "gone from SmartRecruiters"))
    studio.shoot(page, "mail-stage-missing", "Mail: a connected stage is gone")
    studio.box.rename_stage("Online test", "Assessment")


def _disconnected(studio: Studio, page: Page) -> None:
    page.goto(f"{studio.url}/connection/disconnect")
    press(page, "Disconnect")
    says(page, "SmartRecruiters is disconnected.")
    studio.shoot(page, "connection-ended", "The connection has ended")
    follow(page, "Jobs")
    studio.shoot(page, "jobs-disconnected", "Jobs: SmartRecruiters is disconnected")
