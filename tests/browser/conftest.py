"""A browser, and a whole demo in processes of its own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tools.demo import Demo, running_demo

# A machine that runs everything at once is slow; conditions end as soon as they hold.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """gunicorn, worker and sandbox, with staff and a stranger and no customer yet."""
    with running_demo(customer=False) as running:
        yield running
