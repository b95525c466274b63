"""Puts simulated locks, thread identities and Redis into eqsr's modules, and nowhere else."""

import sys
import threading
import types
from collections.abc import Callable
from typing import Any

from eqsr.mail import mailbox
from eqsr.outbox import handlers, lanes, queue, redis_client, wakeups
from eqsr.smartrecruiters.token import TokenSource
from simulation.broker import Broker, Client
from simulation.came_back import CameBack
from simulation.locks import Lock
from simulation.scheduler import Scheduler


class TaskLocal:
    """threading.local for tasks."""

    def __init__(self, scheduler: Callable[[], Scheduler], **defaults: Any) -> None:
        object.__setattr__(self, "_scheduler", scheduler)
        object.__setattr__(self, "_defaults", defaults)

    def _store(self) -> dict[str, Any]:
        task = self._scheduler().current
        return task.local if task is not None else self._defaults

    def __getattr__(self, name: str) -> Any:
        try:
            return self._store().get(name, self._defaults[name])
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        self._store()[name] = value


def install(
    scheduler: Callable[[], Scheduler],
    broker: Callable[[], Broker],
    came_back: Callable[[], CameBack],
) -> None:
    """Call it once there is an application, so that all modules are loaded."""

    def lock() -> Lock:
        return Lock(scheduler)

    def rlock() -> Lock:
        return Lock(scheduler, reentrant=True)

    def identity() -> int:
        task = scheduler().current
        return task.number if task is not None else 0

    shim = types.SimpleNamespace(**vars(threading))
    shim.Lock, shim.RLock, shim.get_ident = lock, rlock, identity
    made = {type(threading.Lock()): lock, type(threading.RLock()): rlock}
    _each(lambda value: value is threading, lambda value: shim)
    _each(lambda value: value is threading.Lock, lambda value: lock)
    _each(lambda value: type(value) in made, lambda value: made[type(value)]())
    TokenSource._locks_lock = lock()
    _replace(lanes.current, TaskLocal(scheduler, patient=False))
    _replace(mailbox.opened, lambda url: came_back().opened(url))
    _replace(redis_client.connect, lambda: Client(broker()))
    _replace(queue.dispatch, lambda groups: _dispatch(broker(), groups))
    _replace(wakeups.wake_dispatcher, lambda: scheduler().notify("wake-up"))


def _dispatch(broker: Broker, groups: Any) -> None:
    """What eqsr does with RQ, without RQ."""
    for group in groups:
        rows = [queue.DispatchedRow(one, group.kind, group.connection_id) for one in group.ids]
        broker.push(handlers.lane_of(group.kind).queue, rows)


def _replace(real: Any, simulated: Any) -> None:
    _each(lambda value: value is real, lambda value: simulated)


def _each(which: Callable[[Any], bool], instead: Callable[[Any], Any]) -> None:
    """Replace module variables of eqsr."""
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == "eqsr":
            for attribute, value in list(vars(module).items()):
                if which(value):
                    setattr(module, attribute, instead(value))
