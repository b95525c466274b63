"""Write down what may happen without end: each of the first, and then ever fewer."""

from dataclasses import replace
from typing import Any

from eqsr.outbox import counters
from eqsr.outbox.counters import Limit

_NO_END = 2**31


def facts_if_noted(*limits: Limit) -> dict[str, Any] | None:
    """Count one more of what these limits count; return facts for its audit entry, None for none.

    Up to a limit's ``most``, each gets an entry. Beyond it, the one that reaches twice as many
    does, then four times, and so on; its fact ``number`` says how many there were by then.
    """
    taken = counters.take([replace(limit, most=_NO_END) for limit in limits])
    over = [
        (count, limit.most)
        for count, limit in zip(taken.counts, limits, strict=True)
        if count > limit.most
    ]
    if not over:
        return {}
    doubled = [count for count, most in over if _doubles(count, most)]
    return {"number": max(doubled)} if doubled else None


def _doubles(count: int, most: int) -> bool:
    times, left = divmod(count, most)
    return left == 0 and times & (times - 1) == 0
