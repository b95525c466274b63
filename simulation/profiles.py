"""How large and how rough a run is."""

from dataclasses import dataclass, field

from simulation.plan import MINUTE


@dataclass
class Profile:
    """How large and how rough a run is. ``weights``: shares of kinds of people instead of theirs.

    ``hazards``: faults and acts of customers that only this profile has, besides all others.
    """

    moves: int
    troubles: tuple[int, int]
    length: tuple[float, float]
    days: float = 0.0
    acts: int = 4
    weights: dict[str, float] = field(default_factory=dict)
    hazards: tuple[str, ...] = ()


PROFILES = {
    "mixed": Profile(moves=420, troubles=(4, 12), length=(30 * MINUTE, 90 * MINUTE)),
    "calm": Profile(moves=420, troubles=(0, 0), length=(30 * MINUTE, 60 * MINUTE)),
    "rough": Profile(moves=160, troubles=(12, 30), length=(20 * MINUTE, 60 * MINUTE), acts=8),
    "small": Profile(moves=30, troubles=(1, 4), length=(10 * MINUTE, 30 * MINUTE), acts=2),
    # What is rare: the clock ends something, mails come back, parts, profiles that vanish.
    "rare": Profile(
        moves=40,
        troubles=(2, 8),
        length=(20 * MINUTE, 60 * MINUTE),
        days=7.2,
        acts=3,
        weights={
            "interrupted": 8.0,
            "gone_while_answering": 2.0,
            "came_back": 4.0,
            "in_parts": 3.0,
            "elsewhere": 1.0,
        },
        hazards=("one 422", "try again"),
    ),
    "days": Profile(moves=40, troubles=(2, 6), length=(20 * MINUTE, 60 * MINUTE), days=6.5, acts=4),
}
# Which profile a seed has, if none is asked for.
MIXTURE = ("mixed", "mixed", "mixed", "mixed", "rough", "rough", "small", "days", "calm", "mixed")
