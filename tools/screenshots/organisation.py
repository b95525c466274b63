"""Settings of an administrator: the connection, the organisation's branding, their own account."""

from tools.screenshots.studio import Studio, follow, press


def walk(studio: Studio) -> None:
    with studio.window("admin") as page:
        follow(page, "Connection")
        studio.shoot(page, "connection", "The connection")
        follow(page, "Disconnect")
        studio.shoot(page, "connection-disconnect", "The connection: disconnect?")
        follow(page, "Organisation")
        page.get_by_label("Colour").fill("yellow")
        press(page, "Save")
        studio.shoot(page, "organisation-wrong", "The organisation: not a colour")
        page.get_by_label("Colour").fill("#ffee00")
        press(page, "Save")
        studio.shoot(page, "organisation", "The organisation, and a colour that is too light")
        page.goto(f"{studio.url}/password")
        studio.shoot(page, "password", "Change password")
        page.locator("summary").first.click()
        studio.shoot(page, "menu", "The user's menu", whole=False)
