"""A page that is seen says so, in a real browser; one that is fetched says nothing."""

import pytest

from eqsr.invitations.models import InvitationState
from tests.services.browser import open_page
from tests.services.processes import eventually
from tests.sittings import sitting as sit

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_start_page_on_a_screen_is_opened(client, world, site, browser):
    person = sit.invite(world)
    client.get(person.path)
    assert sit.invitation(person).state is InvitationState.SENT
    with open_page(browser, 390, 844, has_touch=True) as phone:
        with phone.expect_response(lambda answer: answer.url.endswith("/opened")) as told:
            phone.goto(site.url + person.path)
        assert told.value.status == 204
    assert eventually(lambda: sit.invitation(person).state is InvitationState.OPENED)
