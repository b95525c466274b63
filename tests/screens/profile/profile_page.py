"""A candidate who has finished, and their profile's page."""

from tests.sittings import sitting as sit
from tests.world import World


def finished(browser, person, answers=sit.HONEST, missing=0):
    sit.answer_all(browser, person, answers)
    sit.press(browser, f"{person.path}/finish", f"{person.path}/finish", missing=missing)


def profile(world: World, person, who=World.alice):
    return world.log_in(who).get(f"/candidates/{person.candidate}")
