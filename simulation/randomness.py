"""One stream of random numbers per purpose, all from the seed."""

import os
import random
import types
import uuid

from sqlalchemy.sql import selectable

_ALIASES = random.Random("aliases")


class Randomness:
    """``order`` decides who is next; ``world`` what happens in it; the product has the rest.

    Streams are separate, so that a smaller plan leaves the others as they were.
    """

    def __init__(self, seed: int) -> None:
        self.order = random.Random(f"order {seed}")
        self.world = random.Random(f"world {seed}")
        self._bytes = random.Random(f"bytes {seed}")
        random.seed(f"product {seed}")

    def install(self) -> None:
        """Let everything that asks the operating system for random bytes ask the seed.

        This covers os.urandom, uuid4, and by way of random.SystemRandom the module secrets.
        """
        os.urandom = self._bytes.randbytes  # type: ignore[assignment]
        random._urandom = self._bytes.randbytes  # type: ignore[attr-defined]
        uuid._generate_time_safe = None  # type: ignore[attr-defined]  # uuid1 asks the machine
        # SQLAlchemy names aliases at random when it meets a statement for the first time in this
        # process; that must not move the product's stream.
        selectable.os = types.SimpleNamespace(urandom=_ALIASES.randbytes)  # type: ignore[attr-defined]
