"""Redis as far as eqsr asks of it, and RQ's two queues; it can be wiped, full, away or slow."""

import itertools
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

from redis.exceptions import ConnectionError, LockError, ResponseError

from simulation.scheduler import Scheduler
from simulation.tasks import Killed

_tokens = itertools.count(1)


class Broker:
    """The server: values with their expiry, and one list of dispatched rows per queue."""

    def __init__(self, scheduler: Scheduler) -> None:
        self.scheduler = scheduler
        self.values: dict[str, Any] = {}
        self.expiry: dict[str, float] = {}
        self.queues: dict[str, deque[Any]] = {}
        self.state = ""  # "", "away", "full" or "slow"
        self.struck: Counter[str] = Counter()
        # Whose work counts its calls under a key: a customer shares no counter with another.
        self.users: dict[str, set[object]] = {}

    def wipe(self) -> None:
        """Lose everything."""
        self.values.clear()
        self.expiry.clear()
        self.queues.clear()

    def touch(self, writes: bool = False) -> None:
        """What every command begins with. Raises redis' errors."""
        task = self.scheduler.current
        if task is not None and task.process is not None and task.process.dead:
            raise Killed
        if self.state:
            self.struck[f"broker {self.state}"] += 1
        if self.state == "away":
            raise ConnectionError("refused (a fault of the simulation)")
        if self.state == "full" and writes:
            raise ResponseError("OOM command not allowed when used memory > 'maxmemory'")
        if self.state == "slow":
            self.scheduler.sleep(0.2)

    def now(self) -> float:
        """The server's clock, which no process sets."""
        return 1_700_000_000.0 + self.scheduler.clock.elapsed

    def live(self, key: str) -> Any:
        """The value of a key, unless it has expired."""
        if key in self.expiry and self.expiry[key] <= self.now():
            del self.expiry[key]
            self.values.pop(key, None)
        return self.values.get(key)

    def push(self, queue: str, jobs: list[Any]) -> None:
        """Append jobs to a queue and wake the workers."""
        self.touch(writes=True)
        self.queues.setdefault(queue, deque()).extend(jobs)
        self.scheduler.notify("arrivals")

    def pop(self, queue: str) -> Any:
        """Take the first job of a queue, or None."""
        self.touch()
        waiting = self.queues.get(queue)
        return waiting.popleft() if waiting else None


class Client:
    """A client with the commands that eqsr sends."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def get(self, key: str) -> bytes | None:
        """GET."""
        self._broker.touch()
        value = self._broker.live(key)
        return None if value is None else str(value).encode()

    def set(
        self, key: str, value: Any, nx: bool = False, px: int | None = None, ex: int | None = None
    ) -> bool | None:
        """SET with NX, PX and EX."""
        self._broker.touch(writes=True)
        if nx and self._broker.live(key) is not None:
            return None
        self._broker.values[key] = value
        self._broker.expiry.pop(key, None)
        if px or ex:
            self._broker.expiry[key] = self._broker.now() + (px or 0) / 1000 + (ex or 0)
        return True

    def pexpire(self, key: str, milliseconds: int) -> None:
        """PEXPIRE."""
        self._broker.touch(writes=True)
        if self._broker.live(key) is not None:
            self._broker.expiry[key] = self._broker.now() + milliseconds / 1000

    def delete(self, *keys: str) -> None:
        """DEL."""
        self._broker.touch()
        for key in keys:
            self._broker.values.pop(key, None)

    def hset(self, key: str, field: str, value: Any) -> None:
        """HSET."""
        self._broker.touch(writes=True)
        self._broker.values.setdefault(key, {})[field] = value

    def hgetall(self, key: str) -> dict[bytes, bytes]:
        """HGETALL."""
        self._broker.touch()
        found = self._broker.live(key) or {}
        return {name.encode(): str(value).encode() for name, value in found.items()}

    def hdel(self, key: str, field: bytes) -> None:
        """HDEL."""
        self._broker.touch()
        (self._broker.live(key) or {}).pop(field.decode(), None)

    def time(self) -> tuple[int, int]:
        """TIME."""
        self._broker.touch()
        now = self._broker.now()
        return int(now), int(now % 1 * 1e6)

    def zcount(self, key: str, low: str, high: str) -> int:
        """ZCOUNT above ``low``."""
        self._broker.touch()
        least = float(low.lstrip("("))
        return sum(score > least for score in (self._broker.live(key) or {}).values())

    def zrem(self, key: str, member: str) -> None:
        """ZREM."""
        self._broker.touch()
        (self._broker.live(key) or {}).pop(member, None)

    def eval(self, script: str, number: int, *arguments: Any) -> Any:
        """The scripts that eqsr runs: a turn within SmartRecruiters' limits, and its counters."""
        self._broker.touch(writes=True)
        keys, rest = arguments[:number], arguments[number:]
        if "'INCR'" in script:
            return self._take(keys, rest)
        if "'DECR'" in script:
            self._give_back(keys)
            return None
        return self._turn(keys, rest).encode()

    def _take(self, keys: tuple[Any, ...], rest: tuple[Any, ...]) -> list[int]:
        broker = self._broker
        for number, key in enumerate(keys):
            if int(broker.live(key) or 0) >= rest[2 * number]:
                return [number + 1, round(1000 * (broker.expiry[key] - broker.now()))]
        for number, key in enumerate(keys):
            broker.values[key] = int(broker.live(key) or 0) + 1
            broker.expiry.setdefault(key, broker.now() + rest[2 * number + 1])
        return [0, 0, *(broker.values[key] for key in keys)]

    def _give_back(self, keys: tuple[Any, ...]) -> None:
        for key in keys:
            if self._broker.live(key):
                self._broker.values[key] -= 1

    def _turn(self, keys: tuple[Any, ...], rest: tuple[Any, ...]) -> str:
        window, per_second, of_endpoint, of_credential, name, lease = rest
        broker, now = self._broker, self._broker.now()
        task = broker.scheduler.current
        if task is not None and task.local.get("customer"):
            broker.users.setdefault(keys[2], set()).add(task.local["customer"])
        blocked = float(broker.live(keys[3]) or 0)
        if blocked > now:
            return str(blocked - now)
        turns, held, all_held = (broker.values.setdefault(key, {}) for key in keys[:3])
        _drop(turns, now - window)
        _drop(held, now)
        _drop(all_held, now)
        if len(turns) >= per_second:
            return str(max(0.001, min(turns.values()) + window - now))
        if len(held) >= of_endpoint or len(all_held) >= of_credential:
            return "busy"
        turns[name] = now
        held[name] = all_held[name] = now + lease
        return "0"

    def pipeline(self, transaction: bool = True) -> "Pipeline":
        """A pipeline."""
        return Pipeline(self)

    def lock(self, name: str, **options: Any) -> "BrokerLock":
        """A lock that expires."""
        return BrokerLock(self, self._broker, name, **options)

    def close(self) -> None:
        """Nothing is open."""


def _drop(scores: dict[str, float], least: float) -> None:
    for name in [name for name, score in scores.items() if score <= least]:
        del scores[name]


class Pipeline:
    """Commands that are sent together."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._calls: list[Callable[[], Any]] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        command = getattr(self._client, name)
        return lambda *args, **options: self._calls.append(lambda: command(*args, **options))

    def execute(self) -> list[Any]:
        """Send them."""
        calls, self._calls = self._calls, []
        return [call() for call in calls]


class BrokerLock:
    """redis-py's Lock, which waits by asking again and again."""

    def __init__(
        self, client: Client, broker: Broker, name: str, timeout: float, blocking_timeout: float,
        sleep: float,
    ) -> None:  # fmt: skip
        self._client, self._broker, self._name = client, broker, name
        self._timeout, self._patience, self._sleep = timeout, blocking_timeout, sleep
        self._token: str | None = None

    def acquire(self) -> bool:
        """Take the lock; False if the patience ends before."""
        clock = self._broker.scheduler.clock
        deadline, token = clock.elapsed + self._patience, str(next(_tokens))
        while not self._client.set(self._name, token, nx=True, px=int(self._timeout * 1000)):
            if clock.elapsed >= deadline:
                return False
            self._broker.scheduler.sleep(self._sleep)
        self._token = token
        return True

    def release(self) -> None:
        """Give it back. Raises LockError if it was not held or has lapsed."""
        if self._token is None or self._client.get(self._name) != self._token.encode():
            raise LockError("not held")
        self._client.delete(self._name)
