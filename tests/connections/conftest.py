"""The same people as in onboarding, and a connection that works."""

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
