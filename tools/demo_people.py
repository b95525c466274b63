"""The people in a demo, and the first of them.

Run as a program, this creates the tables and the platform's first staff user, the one step that
also needs a shell in a real installation. Everybody else joins through pages and mails
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
    # Imported here, so that importing the password does not load the whole product.
    from flask_migrate import upgrade

    from eqsr import create_app
    from eqsr.accounts import organisations
    from eqsr.accounts import service as accounts
    from eqsr.accounts.models import Role

    with create_app().app_context():
        upgrade()
        platform = organisations.create_organisation("Equalture")
        accounts.create_user(STAFF, platform, Role.STAFF, PASSWORD)


if __name__ == "__main__":
    main()
