"""A customer's admin with a browser, a SmartRecruiters account and a link."""

import pytest

from tests.onboarding.admin import Account, Admin


@pytest.fixture
def account(box) -> Account:
    """Northwind's account in the sandbox, with three jobs."""
    return Account(box, "Northwind Ltd", jobs=("Baker", "Driver", "Nurse"))


@pytest.fixture
def admin(app, world) -> Admin:
    """Northwind's SmartRecruiters administrator, who has just got a link."""
    return Admin(app, world.northwind)
