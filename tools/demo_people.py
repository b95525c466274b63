"""Who is in a demo: makes the tables, the organisations and the people, in one process.

Prints ``{"logins": {role: email}, "onboarding_url": …}``. The product's own commands do the same,
with a start of the program for each person.
"""

import json
import sys

PASSWORD = "eqsr-demo-password"
STAFF = "csm@equalture.example"
ADMIN = "admin@northwind.example"
REVIEWER = "recruiter@northwind.example"
STRANGER = "admin@contoso.example"


def main() -> None:
    # Here, so that whoever only wants the password does not wait for the whole product.
    from flask_migrate import upgrade

    from eqsr import create_app

    with create_app().app_context():
        upgrade()
        print(json.dumps(_people("--customer" in sys.argv)))


def _people(with_customer: bool) -> dict:
    from eqsr.accounts import service as accounts
    from eqsr.accounts.models import Role
    from eqsr.onboarding import service as onboarding

    platform = accounts.create_organisation("Equalture")
    stranger = accounts.create_organisation("Contoso Bank")
    accounts.create_user(STAFF, platform, Role.STAFF, PASSWORD)
    accounts.create_user(STRANGER, stranger, Role.ADMIN, PASSWORD)
    made = {"logins": {"staff": STAFF, "stranger": STRANGER}, "onboarding_url": ""}
    if with_customer:
        customer = accounts.create_organisation("Northwind Logistics")
        accounts.create_user(ADMIN, customer, Role.ADMIN, PASSWORD)
        accounts.create_user(REVIEWER, customer, Role.REVIEWER, PASSWORD)
        made["logins"] |= {"admin": ADMIN, "reviewer": REVIEWER}
        _link, made["onboarding_url"] = onboarding.make_link(customer.id, ADMIN)
    return made


if __name__ == "__main__":
    main()
