"""A SmartRecruiters account with two jobs, for the recruiter at a browser."""

import pytest

from tests.customer import Customer, connected


@pytest.fixture
def customer(app, box, world) -> Customer:
    made = connected(app, box, world.northwind, "Northwind")
    made.opens("Java Developer", refNumber="REF914A")
    made.opens("Nurse", refNumber="REF2")
    made.mirror()
    return made
