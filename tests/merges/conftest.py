"""The helper of the tests about merged profiles."""

import pytest

from tests.merges.merging import Merging
from tests.story import Story


@pytest.fixture
def merging(story: Story) -> Merging:
    return Merging(story)
