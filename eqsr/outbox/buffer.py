"""The rows that wait inside a worker for one of its slots, with a cap per customer."""

from collections import Counter
from dataclasses import dataclass, field

from eqsr.outbox.queue import DispatchedRow

# Most rows that wait inside a worker: in all, per slot of the lane; of one customer, per slot of
# its cap.
BUFFER_PER_SLOT = 4
BUFFER_PER_CUSTOMER = 2


@dataclass
class Buffer:
    """The waiting rows of one lane, in the order of their arrival; callers hold the lane's lock.

    ``slots``: how many slots the lane has. ``cap``: how many of them may work for one customer.
    """

    slots: int
    cap: int
    _rows: list[DispatchedRow] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def has_room(self) -> bool:
        """Whether more rows may be read from Redis."""
        return len(self._rows) < BUFFER_PER_SLOT * self.slots

    def add(self, handed: DispatchedRow) -> bool:
        """Add a row; False if it waits already or its customer has too many waiting."""
        ours = [one for one in self._rows if one.customer == handed.customer]
        known = any(one.work_id == handed.work_id for one in ours)
        if known or len(ours) >= BUFFER_PER_CUSTOMER * self.cap:
            return False
        self._rows.append(handed)
        return True

    def next(self, working: list[DispatchedRow]) -> DispatchedRow | None:
        """Remove and return the first row whose customer is below its cap; None if there is none.

        ``working``: the rows that slots process now.
        """
        held = Counter(one.customer for one in working)
        for handed in self._rows:
            if held[handed.customer] < self.cap:
                self._rows.remove(handed)
                return handed
        return None

    def clear(self) -> list[DispatchedRow]:
        """Remove and return all rows."""
        left, self._rows = self._rows, []
        return left
