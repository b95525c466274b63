"""Who is in a demo, and how they come in.

Run as a program this makes the tables and the platform's first staff user, which is the one step
that a real installation takes in a shell too. Everybody else comes in through pages and mails
(``tools.demo_customers``).
"""

PASSWORD = "eqsr-demo-password"
STAFF = "csm@equalture.example"
ADMIN = "admin@northwind.example"
REVIEWER = "recruiter@northwind.example"
STRANGER = "admin@contoso.example"

CUSTOMER, ELSEWHERE = "Northwind Logistics", "Contoso Bank"
NAMES = {ADMIN: "Anna de Vries", REVIEWER: "Ravi Patel", STRANGER: "Carla Brooks"}


def main() -> None:
    # Here, so that importing the password does not load the whole product.
    from flask_migrate import upgrade

    from eqsr import create_app
    from eqsr.accounts import service as accounts
    from eqsr.accounts.models import Role

    with create_app().app_context():
        upgrade()
        platform = accounts.create_organisation("Equalture")
        accounts.create_user(STAFF, platform, Role.STAFF, PASSWORD)


if __name__ == "__main__":
    main()
