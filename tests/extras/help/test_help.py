"""The help: every page opens for everybody who is logged in, and leads to the others."""

import re

import pytest

from eqsr.extras.help.views import TOPICS
from tests.people import person

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("who", ["alice", "bob", "sam"])
def test_every_page_opens_and_every_link_of_it_leads_somewhere(world, who):
    reader = person(world, getattr(world, who))
    index = reader.browser.get("/help").text
    assert re.findall(r'href="/help/([a-z-]+)"', index)[: len(TOPICS)] == list(TOPICS)
    for topic in TOPICS:
        page = reader.browser.get(f"/help/{topic}").text
        main = page.split("<main", 1)[1].split("</main>", 1)[0]
        assert len(re.findall(r"<h1", main)) == 1
        for target in re.findall(r'href="(/[^"]*)"', main):
            assert reader.browser.get(target).status_code == 200, (topic, target)


def test_what_is_no_topic_is_not_found(world):
    bob = person(world, world.bob)
    for topic in ("base", "index", "..", "pictures"):
        assert bob.browser.get(f"/help/{topic}").status_code == 404


@pytest.mark.parametrize("topic", ["integration", "jobs", "results", "reading-a-profile"])
def test_the_guide_has_pictures_that_are_described(world, topic):
    page = person(world, world.bob).browser.get(f"/help/{topic}").text
    pictures = re.findall(r'(?s)<svg class="pic".*?</svg>', page)
    assert pictures
    assert all(re.search(r"<title>.{20,}</title>", picture) for picture in pictures)


@pytest.mark.parametrize("path", ["/jobs", "/team", "/profile", "/help"])
def test_help_and_support_are_on_every_page(world, path):
    page = person(world, world.alice).browser.get(path).text
    assert 'href="/help"' in page
    assert 'href="mailto:support@equalture.example"' in page
