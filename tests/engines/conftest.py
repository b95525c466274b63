"""A SmartRecruiters account with two jobs, for the recruiter at a browser."""

import pytest

from tests.customer import Customer


@pytest.fixture
def customer(mirrored: Customer) -> Customer:
    return mirrored
