"""Questions, a game and Connect in Firefox."""

from collections.abc import Iterator

import pytest

from tests.engines import story
from tests.engines.hand import Hand
from tests.services.engines import firefox
from tests.sittings import sitting as sit

pytestmark = [pytest.mark.engines, pytest.mark.slow, pytest.mark.one_database]


@pytest.fixture(scope="module")
def hand(tmp_path_factory) -> Iterator[Hand]:
    with firefox(tmp_path_factory.mktemp("firefox")) as driver:
        yield Hand(driver)


def test_questionnaire(hand, site, client, world):
    story.questionnaire(hand, site, sit.invite(world))


def test_game(hand, site, client, world):
    story.game(hand, site, sit.invite(world, assessment="switching"))


def test_connect(hand, site, world, customer):
    story.connect(hand, site, world)
