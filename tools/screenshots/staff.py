"""Our own staff: login, customers, and the onboarding link."""

from tools.screenshots.studio import Studio, follow, press


def walk(studio: Studio) -> None:
    with studio.window() as page:
        page.goto(f"{studio.url}/login")
        studio.shoot(page, "login", "Log in")
        page.get_by_label("Email", exact=True).fill("somebody@northwind.example")
        page.get_by_label("Password", exact=True).fill("a guess")
        press(page, "Log in")
        studio.shoot(page, "login-wrong", "Log in: wrong password")
        studio.log_in(page, "staff")
        studio.shoot(page, "customers", "Staff: customers")
        follow(page, "Add a customer")
        studio.shoot(page, "customer-new", "Staff: add a customer")
        page.get_by_label("Name of the customer").fill("Fabrikam Foods")
        press(page, "Add customer")
        studio.shoot(page, "customer", "Staff: a new customer")
        page.get_by_label("Administrator's email").fill("it@fabrikam.example")
        press(page, "Make link")
        studio.shoot(page, "customer-link", "Staff: the link is made")
        page.goto(studio.box.mail_page("it@fabrikam.example"))
        studio.shoot(page, "mail-onboarding", "Mail: onboarding")
