"""axe-core finds nothing on any page, on a phone and a desktop, light and dark."""

import pytest

from tests.services.browser import chromium
from tools.accessibility import Inspector
from tools.demo import running_demo
from tools.screenshots.missing import without_picture
from tools.screenshots.walk import walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_no_page_keeps_anybody_out():
    inspector = Inspector()
    with running_demo() as demo, chromium() as browser:
        seen = walk(browser, demo, inspector)
    assert inspector.problems == []
    assert without_picture(seen) == []
