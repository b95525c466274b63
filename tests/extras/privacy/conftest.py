import pytest

from tests.extras.privacy.marked import Marked
from tests.results.conftest import Results, no_limits, results_of

__all__ = ["no_limits", "results_of"]


@pytest.fixture
def marked(results_of: Results) -> Marked:
    return Marked(results_of)
