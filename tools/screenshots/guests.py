"""A profile shared with somebody without an account."""

from tools.screenshots.studio import Studio, follow, press, says

GUEST = "hiring.manager@partner.example"


def walk(studio: Studio) -> None:
    with studio.window("reviewer") as page:
        page.goto(studio.known["profile"])
        follow(page, "Guests")
        studio.shoot(page, "guests-none", "Guests of a profile: nobody yet")
        page.get_by_label("Guest's e-mail address").fill(GUEST)
        press(page, "Send the link")
        says(page, "The link is on its way")
        studio.shoot(page, "guests", "Guests of a profile")
    with studio.window() as page:
        link = studio.box.link_for(GUEST, studio.url)
        page.goto(studio.box.mail_page(GUEST))
        studio.shoot(page, "mail-profile-share", "Mail: a profile to read")
        page.goto(link)
        studio.shoot(page, "shared", "A guest's view of a profile")
        page.goto(f"{studio.url}/shared/not-a-link")
        studio.shoot(page, "shared-dead", "A guest's link that leads nowhere")
