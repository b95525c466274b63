"""How large and how rough a run is."""

from dataclasses import dataclass, field

from simulation.plan import MINUTE


@dataclass
class Profile:
    """How large and how rough a run is.

    ``weights``: by what a kind's share is multiplied. ``late``: with the kinds of late_lives.py.
    ``hazards``: faults and acts of customers that only this profile has, besides all others.
    ``alone``: nothing breaks but what is favoured; that for long, and in full strength.
    """

    moves: int
    troubles: tuple[int, int]
    length: tuple[float, float]
    days: float = 0.0
    acts: int = 4
    weights: dict[str, float] = field(default_factory=dict)
    late: bool = False
    hazards: tuple[str, ...] = ()
    alone: bool = False


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
    "days": Profile(
        moves=40,
        troubles=(2, 6),
        length=(20 * MINUTE, 60 * MINUTE),
        days=6.5,
        acts=4,
        weights={"elsewhere": 0.1},
    ),
    # Few people who do not concern us, and much that breaks: for mistakes that are planted.
    "dense": Profile(
        moves=50,
        troubles=(4, 8),
        length=(10 * MINUTE, 20 * MINUTE),
        acts=3,
        weights={"elsewhere": 0.1, "never": 0.3},
    ),
    # The same, where one fault or act is enough.
    "alone": Profile(
        moves=40,
        troubles=(1, 3),
        length=(10 * MINUTE, 20 * MINUTE),
        weights={"elsewhere": 0.1, "never": 0.3},
        alone=True,
    ),
    # Long enough for a copy of somebody who was deleted to end.
    "month": Profile(
        moves=12,
        troubles=(0, 2),
        length=(10 * MINUTE, 20 * MINUTE),
        days=32,
        acts=1,
        weights={"elsewhere": 0.1},
    ),
}
# Which profile a seed has, if none is asked for.
MIXTURE = ("mixed", "mixed", "mixed", "mixed", "rough", "rough", "small", "days", "calm", "mixed")
