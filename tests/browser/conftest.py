"""A browser, and a whole demo in processes of its own."""

from collections.abc import Iterator

import pytest

from tools.demo import Demo, running_demo


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """gunicorn, worker and sandbox, with staff and a stranger and no customer yet."""
    with running_demo(customer=False) as running:
        yield running
