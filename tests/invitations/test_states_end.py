"""No invitation waits for ever: the clock ends what nobody else does (docs/states.md)."""

from datetime import timedelta

import pytest
import time_machine

from eqsr.core.clock import now
from eqsr.invitations.models import InvitationState as State
from tests.sittings import sitting as sit


@pytest.mark.parametrize("state", [State.SENT, State.OPENED, State.UNDELIVERABLE])
def test_the_deadline_ends_what_was_not_started(world, work, state):
    person = sit.invite(world, days=14)
    sit.change(person, state=state)
    for days, then in ((13, state), (15, State.EXPIRED)):
        with time_machine.travel(now() + timedelta(days=days), tick=True):
            work.by_clock()
        assert sit.invitation(person).state is then
