"""How large and how rough a run is."""

from dataclasses import dataclass, field

from simulation.plan import MINUTE


@dataclass
class Profile:
    """How large and how rough a run is.

    ``weights``: by what a kind's share is multiplied. ``late``: with the kinds of late_lives.py.
    ``hazards``: faults and acts of customers that only this profile has, besides all others.
    """

    moves: int
    troubles: tuple[int, int]
    length: tuple[float, float]
    days: float = 0.0
    acts: int = 4
    weights: dict[str, float] = field(default_factory=dict)
    late: bool = False
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
        weights={"elsewhere": 0.1},
        late=True,
        hazards=("one 422", "try again"),
    ),
    "days": Profile(moves=40, troubles=(2, 6), length=(20 * MINUTE, 60 * MINUTE), days=6.5, acts=4),
}
# Which profile a seed has, if none is asked for.
MIXTURE = ("mixed", "mixed", "mixed", "mixed", "rough", "rough", "small", "days", "calm", "mixed")
