"""Runs everything as steps of one thread, in an order that the seed decides.

Each request, delivery, piece of work and person is a task (a greenlet). A task runs until it meets
a seam: a statement, a commit, a lock, a call or a wait. There the scheduler may go on with another.
"""

import heapq
import itertools
import random
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from greenlet import GreenletExit, getcurrent, greenlet

from simulation.clock import Clock
from simulation.tasks import Killed, Process, Task


class Scheduler:
    """``steps`` counts resumed tasks. ``switching``: probability to change the task at a seam."""

    def __init__(self, clock: Clock, order: random.Random, switching: float = 0.3) -> None:
        self.clock = clock
        self.steps = 0
        self.switching = switching
        self.current: Task | None = None
        self.on_switch: Callable[[Process | None], None] = lambda process: None
        self.crashed: list[tuple[Task, BaseException]] = []
        self._order = order
        self._main = getcurrent()
        self._numbers = itertools.count(1)
        self._tasks: dict[Task, None] = {}
        self._ready: list[Task] = []
        self._timers: list[tuple[float, int, Task, int]] = []
        self._waiting: dict[str, list[Task]] = defaultdict(list)
        self._serial = itertools.count()

    # -- tasks

    def spawn(
        self, name: str, run: Callable[[], Any], process: Process | None = None, delay: float = 0.0
    ) -> Task:
        """Begin a task, ``delay`` seconds from now."""
        task = Task(next(self._numbers), name, process)
        task.greenlet = greenlet(lambda: self._body(task, run), parent=self._main)
        self._tasks[task] = None
        if delay > 0:
            self._timer(task, delay)
        else:
            self._ready.append(task)
        return task

    def _body(self, task: Task, run: Callable[[], Any]) -> None:
        try:
            task.result = run()
        except (Killed, GreenletExit) as error:
            task.error = error
        except Exception as error:
            task.error = error
            self.crashed.append((task, error))
        finally:
            task.ended = True
            self._tasks.pop(task, None)
            self.notify(f"end {task.number}")

    def kill(self, process: Process) -> None:
        """End a process between two steps: no cleanup of its own has any effect from now on."""
        if process.dead:
            return
        process.dead = True
        own = self.current
        for task in list(self._tasks):
            if task.process is process and task is not own:
                self._forget_wait(task)
                task.doomed = True
                if task not in self._ready:
                    self._ready.append(task)
        if process.on_death:
            process.on_death()
        if own is not None and own.process is process:
            raise Killed

    # -- seams, called inside tasks

    def seam(self) -> None:
        """Another task may run now; a process whose fuse has burnt down is killed here."""
        task = self.current
        if task is None or getcurrent() is self._main:
            return
        process = task.process
        if process is not None:
            if process.dead:
                raise Killed
            if process.fuse is not None:
                process.fuse -= 1
                if process.fuse < 0:
                    process.fuse = None
                    self.kill(process)
        if self._ready and self._order.random() < self.switching:
            self._ready.append(task)
            self._suspend(task)

    def sleep(self, seconds: float) -> None:
        """Wait in simulated time. Outside of tasks, time goes on at once."""
        task = self.current
        if task is None or getcurrent() is self._main:
            self.clock.set(self.clock.elapsed + seconds)
            return
        self._timer(task, max(0.0, seconds))
        self._suspend(task)

    def wait(self, channel: str, seconds: float | None = None) -> bool:
        """Wait until somebody notifies the channel; False if ``seconds`` passed before."""
        task = self.current
        if task is None:
            raise RuntimeError("only a task can wait")
        task.channel = channel
        self._waiting[channel].append(task)
        if seconds is not None:
            self._timer(task, max(0.0, seconds))
        self._suspend(task)
        woken, task.channel = task.channel is None, None
        return woken

    def notify(self, channel: str, one: bool = False) -> None:
        """Wake the tasks that wait for the channel, or only the first."""
        waiting = self._waiting.get(channel)
        if not waiting:
            return
        woken, rest = (waiting[:1], waiting[1:]) if one else (waiting, [])
        if rest:
            self._waiting[channel] = rest
        else:
            del self._waiting[channel]
        for task in woken:
            task.channel = None
            task.wake += 1
            self._ready.append(task)

    def join(self, task: Task, seconds: float | None = None) -> bool:
        """Wait for a task's end; False if ``seconds`` passed before."""
        return task.ended or self.wait(f"end {task.number}", seconds)

    def _suspend(self, task: Task) -> None:
        self._main.switch()
        if task.doomed or (task.process is not None and task.process.dead):
            raise Killed

    def _timer(self, task: Task, seconds: float) -> None:
        task.wake += 1
        at = self.clock.elapsed + seconds
        heapq.heappush(self._timers, (at, next(self._serial), task, task.wake))

    def _forget_wait(self, task: Task) -> None:
        task.wake += 1
        if task.channel is not None:
            waiting = self._waiting.get(task.channel, [])
            if task in waiting:
                waiting.remove(task)
            if not waiting:
                self._waiting.pop(task.channel, None)
            task.channel = None

    # -- the loop

    def run(self, until: float, done: Callable[[], bool] | None = None) -> None:
        """Run tasks until the elapsed time ``until``, or until ``done`` says so between steps."""
        while True:
            if done is not None and done():
                return
            if not self._ready:
                if not self._advance(until):
                    return
                continue
            place = int(self._order.random() * len(self._ready))
            self._ready[place], self._ready[-1] = self._ready[-1], self._ready[place]
            self._resume(self._ready.pop())

    def _advance(self, until: float) -> bool:
        """Go on to the next timer; False if there is none before ``until``."""
        while self._timers and self._timers[0][3] != self._timers[0][2].wake:
            heapq.heappop(self._timers)
        if not self._timers or self._timers[0][0] > until:
            if until > self.clock.elapsed:
                self.clock.set(until)
            return False
        moment = max(self._timers[0][0], self.clock.elapsed)
        self.clock.set(moment)
        while self._timers and self._timers[0][0] <= moment:
            _, _, task, wake = heapq.heappop(self._timers)
            if wake == task.wake and not task.ended:
                if task.channel is not None:
                    channel = task.channel
                    self._forget_wait(task)
                    task.channel = channel  # tells ``wait`` that nobody woke it
                self._ready.append(task)
        return True

    def _resume(self, task: Task) -> None:
        if task.ended:
            return
        process = task.process
        if process is not None and process.stalled_until > self.clock.elapsed and not task.doomed:
            # It learns later that its wait is over.
            self._timer(task, process.stalled_until - self.clock.elapsed)
            return
        self.steps += 1
        self.current = task
        self.on_switch(task.process)
        try:
            if task.doomed and not task.greenlet:
                task.ended = True
                self._tasks.pop(task, None)
                return
            task.greenlet.switch()
        finally:
            self.current = None

    def close(self) -> None:
        """End all tasks."""
        for task in list(self._tasks):
            task.doomed = True
            self.current = task
            self.on_switch(task.process)
            if task.greenlet:
                task.greenlet.throw(GreenletExit)
            self.current = None
        self._tasks.clear()
        self._ready.clear()
        self._timers.clear()
