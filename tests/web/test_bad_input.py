"""Bad input is never a mistake of ours. PostgreSQL refuses a NUL in any text; SQLite does not."""

import pytest

from tests.people import anybody, person

NEVER = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    "path",
    [
        f"/organisations/{NEVER}/logo-%00.png",
        f"/api/elsewhere/v1/%00/invitations/{NEVER}",
        "/onboarding/%00",
        "/customers/%00",
    ],
)
def test_a_letter_that_no_database_holds_in_an_address(world, path):
    assert world.log_in(world.sam).get(path).status_code in (400, 401, 404)


def test_and_in_a_form(world):
    nul = {"email": "a\x00b@example.org", "password": "x", "name": "a\x00b"}
    assert anybody(world).posts("/login", **nul).status_code in (200, 400, 401, 422)
    sam = person(world, world.sam)
    assert sam.posts("/customers/new", **nul).status_code in (302, 400, 422)
    assert sam.posts("/customers/northwind/links", **nul).status_code in (200, 400, 422)
