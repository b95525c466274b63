"""What the lists of jobs and of invitations can be narrowed down to and ordered by: the options of
their select fields, each a value and its word."""

from collections.abc import Iterable

from flask_babel import gettext as _

from eqsr.invitations.models import InvitationState
from eqsr.screens.jobs.overview_filter import Order, Show
from eqsr.screens.jobs.score_order import ScaleOrder


def shows() -> list[tuple[str, str]]:
    """Which jobs the overview shows."""
    words = {
        Show.ALL: _("All jobs"),
        Show.DRAFT: _("Not connected"),
        Show.CONNECTED: _("Connected"),
        Show.LINK: _("By link"),
        Show.CLOSED: _("Closed"),
        Show.TROUBLE: _("Needs attention"),
    }
    return [(show.value, words[show]) for show in Show]


def orders() -> list[tuple[str, str]]:
    """In which order the overview shows them."""
    words = {
        Order.ACTIVITY: _("Last activity"),
        Order.TITLE: _("Title"),
        Order.INVITED: _("Most invited"),
        Order.COMPLETED: _("Most completed"),
    }
    return [(order.value, words[order]) for order in Order]


def states() -> list[tuple[str, str]]:
    """Which invitations a job's list shows."""
    words = [
        (state.value, _(state.value.replace("_", " ").capitalize())) for state in InvitationState
    ]
    return [("any", _("Any state")), *words]


def sorts(by_score: Iterable[ScaleOrder]) -> list[tuple[str, str]]:
    """In which order a job's list shows them."""
    words = [
        (one.value, _("%(scale)s, from %(pole)s", scale=one.scale.name, pole=one.first_pole))
        for one in by_score
    ]
    return [("latest", _("Latest first")), ("name", _("Name")), ("state", _("State")), *words]
