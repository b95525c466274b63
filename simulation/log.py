"""What happened, in order: the timeline that people read and the digest that determinism needs."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from simulation.clock import Clock, written


@dataclass(frozen=True)
class Line:
    """One event. ``facts``: company, candidate, address, job …, by which a timeline is filtered."""

    at: float
    kind: str
    text: str
    who: str
    facts: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{written(self.at)}  {self.kind:<8} {self.who:<10} {self.text}"


class Log:
    """All lines of one run; ``digest`` is the same for the same seed, on every machine."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._hash = hashlib.sha256()
        self.lines: list[Line] = []
        self.counts: Counter[str] = Counter()
        self.who = lambda: "-"

    def add(self, kind: str, text: str, **facts: Any) -> None:
        """Write down one event."""
        line = Line(self._clock.elapsed, kind, text, self.who(), facts)
        self.lines.append(line)
        self.counts[kind] += 1
        self._hash.update(f"{line.at:.6f}|{kind}|{line.who}|{text}\n".encode())

    @property
    def digest(self) -> str:
        """SHA-256 over all lines so far."""
        return self._hash.hexdigest()

    def about(self, *needles: str) -> list[Line]:
        """The lines that name any of these ids, addresses or companies."""
        wanted = [needle for needle in needles if needle]
        return [
            line
            for line in self.lines
            if any(n in line.text or n in line.facts.values() for n in wanted)
        ]
