"""What a process of eqsr keeps in module variables: each simulated process has its own."""

from collections import deque
from typing import Any

from eqsr.connections import webhook_keys
from eqsr.invitations import handlers as invitation_handlers
from eqsr.mail.mailbox import Place
from eqsr.outbox import breaker_state, breakers, handlers, leases, schedule
from eqsr.webhooks import inbox

_ALL_HANDLERS: dict[str, Any] = {}
_ALL_ENTRIES: list[Any] = []


def remember() -> None:
    """Note the kinds of work and the schedule of this release; call it once there is an app."""
    _ALL_HANDLERS.update(handlers._handlers)
    _ALL_ENTRIES.extend(schedule.entries())


class Memory:
    """The module variables of one process. ``unknown_kinds``: what its older release can't do.

    ``stretch``: how many times longer the schedule's intervals are, so that calm hours cost less.
    """

    stretch = 1.0

    def __init__(self, unknown_kinds: frozenset[str] = frozenset()) -> None:
        self._values: dict[tuple[Any, str], Any] = {
            (webhook_keys, "_cache"): {},
            (breakers, "_failures"): {},
            (breaker_state, "_open_ids"): frozenset(),
            (breaker_state, "_read_at"): -1e9,
            (leases, "_in_hand"): {},
            (leases, "_renewed_at"): -1e9,
            (inbox, "_waiting"): deque(),
            (invitation_handlers, "_read_to"): Place(),
            (schedule, "_entries"): [
                schedule.Entry(entry.run, entry.seconds * self.stretch) for entry in _ALL_ENTRIES
            ],
            (handlers, "_handlers"): {
                kind: known for kind, known in _ALL_HANDLERS.items() if kind not in unknown_kinds
            },
        }
        for module, name in self._values:
            getattr(module, name)  # raises where eqsr keeps it elsewhere by now

    def rest(self, seconds: float) -> None:
        """Let nothing happen by the clock more often than this from now on."""
        for entry in self._values[schedule, "_entries"]:
            entry.seconds = max(entry.seconds, seconds)

    def put_in(self) -> None:
        """Show this memory to the product."""
        for (module, name), value in self._values.items():
            setattr(module, name, value)

    def take_out(self) -> None:
        """Keep what the product left in the module variables."""
        for module, name in self._values:
            self._values[module, name] = getattr(module, name)
