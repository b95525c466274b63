"""Which states follow one another: what a hunt should see, and what must never happen.

The states and what ends them: docs/states.md. Whatever is not listed here cannot happen.
"""

from collections.abc import Iterator

Transition = tuple[str, str, str]

_POSSIBLE: dict[str, dict[str, tuple[str, ...]]] = {
    "invitation": {
        # Completed at once: by an earlier result that is used again.
        "queued": ("sent", "opened", "started", "completed", "undeliverable", "cancelled"),
        "sent": (
            "queued",
            "opened",
            "started",
            "completed",
            "undeliverable",
            "expired",
            "cancelled",
        ),
        "opened": (
            "queued",
            "sent",
            "started",
            "completed",
            "undeliverable",
            "expired",
            "cancelled",
        ),
        "started": ("completed", "partly_completed", "expired", "cancelled"),
        "partly_completed": ("started",),
        "expired": ("queued", "sent", "opened", "started", "undeliverable"),
        "undeliverable": (
            "queued",
            "sent",
            "opened",
            "started",
            "completed",
            "expired",
            "cancelled",
        ),
        "cancelled": ("queued", "sent", "opened", "expired"),
    },
    "sitting": {
        "under way": ("finished", "ended unfinished"),
        "ended unfinished": ("under way", "finished"),
    },
    "write-back": {
        "pending": ("done", "failed"),
        "done": ("pending",),
        "failed": ("pending",),
    },
    "connection": {
        "pending": ("active",),
        "active": ("needs_attention", "disconnected"),
        "needs_attention": ("active", "disconnected"),
        "disconnected": ("active",),
    },
    "work": {
        "due": ("running",),
        "running": ("due", "waiting", "done", "dead"),
        "waiting": ("due", "dead"),
        "dead": ("due",),
    },
    "mail": {
        "queued": ("accepted", "refused", "cancelled", "bounced"),
        "accepted": ("queued", "bounced"),
        "refused": ("accepted", "bounced"),
        "cancelled": ("queued", "accepted", "bounced"),
        "bounced": ("accepted",),
    },
    "breaker": {"open": ("closed",), "closed": ("open",)},
}

# Seen by no hunt, for these reasons.
OUT_OF_REACH: dict[Transition, str] = {
    ("connection", "pending", "active"): "every run begins after the customers have connected",
}


def possible() -> Iterator[Transition]:
    """All transitions that can happen."""
    for noun, states in _POSSIBLE.items():
        for before, afterwards in states.items():
            for after in afterwards:
                yield noun, before, after


def can_happen(transition: Transition) -> bool:
    """Whether this transition is allowed."""
    noun, before, after = transition
    return after in _POSSIBLE[noun].get(before, ())


def impossible(states: dict[str, list[str]]) -> Iterator[Transition]:
    """All transitions between the ``states`` of each noun that cannot happen."""
    for noun, names in states.items():
        for before in names:
            for after in names:
                if before != after and not can_happen((noun, before, after)):
                    yield noun, before, after
