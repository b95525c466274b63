"""What docs/states.md calls final stays as it is."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from simulation.product import finals

if TYPE_CHECKING:
    from simulation.play import Play

Found = Iterator[tuple[str, ...]]

# noun -> state -> what may follow, by docs/states.md.
FINAL: dict[str, dict[str, tuple[str, ...]]] = {
    "work": {"done": ()},
    # A report that a mail came back may be quicker than our note that it was accepted.
    "mail": {"accepted": ("queued", "bounced"), "bounced": ("accepted",)},
    "invitation": {
        "completed": (),
        "partly_completed": ("started",),
        "expired": ("queued", "sent", "opened", "started", "undeliverable"),
    },
}
WATCHED = {noun: tuple(states) for noun, states in FINAL.items()}


def what_is_final_stays(play: "Play") -> Found:
    """Nothing leaves a final state, other than as docs/states.md says."""
    for noun, before, after in sorted(set(finals.left())):
        if noun == "sitting":
            yield "what is final stays", "a finished sitting was finished again or begun anew"
        elif after not in FINAL[noun][before]:
            yield "what is final stays", f"{noun}: {before} became {after}"


CHECKS: tuple[Any, ...] = (what_is_final_stays,)
