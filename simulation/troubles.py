"""Begins and ends what breaks, as the plan says; ``heal`` ends everything."""

import random
from typing import TYPE_CHECKING

from simulation.faults import Fault
from simulation.mail_server import MailFault
from simulation.plan import Trouble

if TYPE_CHECKING:
    from simulation.world import Run

# Kinds of work that a worker of an older release does not know, in turns.
NEWER_KINDS = ("look_after_grace", "write_back", "sweep_stage", "reminder_mail", "webhook_event")
# Seconds until a killed process is started again by its supervisor.
RESTART = (0.5, 3.0, 20.0)


class Troubles:
    """All that can break in one run. ``begun`` counts by kind."""

    def __init__(self, run: "Run", seed: int) -> None:
        self._run = run
        self._chance = random.Random(f"troubles {seed}")
        self._serial = 0
        self.active = 0
        self.begun: list[str] = []
        # (from, until, what, company): when customers may be late through no fault of ours.
        self.times: list[tuple[float, float, str, str]] = []

    def strike(self, trouble: Trouble) -> None:
        """Begin one trouble, inside a task of its own, and end it when its time is over."""
        run, (kind, _, what) = self._run, trouble.what.partition(" ")
        run.log.add(
            "trouble", f"{trouble.what} begins (for {trouble.lasts:.0f} s, share {trouble.share})"
        )
        self.begun.append(trouble.what)
        began = run.clock.elapsed
        company = run.customers[trouble.customer].company if kind == "one" else ""
        self.times.append((began, began + trouble.lasts, trouble.what, company))
        method = getattr(self, f"_{kind}")
        method(what, trouble)
        run.log.add("trouble", f"{trouble.what} is over")

    def heal(self) -> None:
        """End everything."""
        run = self._run
        run.weather.faults.clear()
        run.mail.faults.clear()
        run.database.state = ""
        run.database.fail_commits = run.database.lose_commits = run.database.locked = 0.0
        run.broker.state = ""
        run.clock.jump = 0.0
        run.clock.show()
        for process in [worker.process for worker in run.workers] + run.network.webs:
            process.fuse = None
            process.stalled_until = 0.0

    def _for_a_while(self, faults: list[Fault], fault: Fault, seconds: float) -> None:
        faults.append(fault)
        self._run.scheduler.sleep(seconds)
        if fault in faults:
            faults.remove(fault)

    def _call(self, what: str, trouble: Trouble) -> None:
        reads = (None, None, True, False)[trouble.number % 4]
        fault = Fault("call", what, share=trouble.share, seconds=8.0, reads=reads)
        self._for_a_while(self._run.weather.faults, fault, trouble.lasts)

    def _one(self, what: str, trouble: Trouble) -> None:
        company = self._run.customers[trouble.customer].company
        # What can't be processed was to be written; reading has no such answer.
        reads = False if what == "422" else None
        fault = Fault("call", what, company=company, share=trouble.share, reads=reads)
        self._for_a_while(self._run.weather.faults, fault, trouble.lasts)

    def _visit(self, what: str, trouble: Trouble) -> None:
        fault = Fault("visit", what, share=min(trouble.share, 0.7), seconds=4.0)
        self._for_a_while(self._run.weather.faults, fault, trouble.lasts)

    def _delivery(self, what: str, trouble: Trouble) -> None:
        fault = Fault("delivery", what, share=trouble.share, seconds=90.0)
        self._for_a_while(self._run.weather.faults, fault, trouble.lasts)

    def _mail(self, what: str, trouble: Trouble) -> None:
        fault = MailFault(what, trouble.share)
        self._run.mail.faults.append(fault)
        self._run.scheduler.sleep(trouble.lasts)
        if fault in self._run.mail.faults:
            self._run.mail.faults.remove(fault)

    def _database(self, what: str, trouble: Trouble) -> None:
        database, share = self._run.database, min(0.5, trouble.share)
        names = {"commits fail": "fail_commits", "commits lost": "lose_commits", "locked": "locked"}
        name = names.get(what)
        if name:
            setattr(database, name, share)
            self._run.scheduler.sleep(trouble.lasts)
            setattr(database, name, 0.0)
            return
        database.state = what
        self._run.scheduler.sleep(min(120.0, trouble.lasts))
        database.state = ""

    def _broker(self, what: str, trouble: Trouble) -> None:
        broker = self._run.broker
        if what == "wiped":
            broker.struck["broker wiped"] += 1
            broker.wipe()
            return
        broker.state = what
        self._run.scheduler.sleep(min(120.0, trouble.lasts))
        broker.state = ""

    def _kill(self, what: str, trouble: Trouble) -> None:
        """Let a process die a few seams from now, and start it again a little later."""
        run = self._run
        alive = [one.process for one in run.workers if not one.dead]
        if what == "web":
            alive = [one for one in run.network.webs if not one.dead]
        if not alive:
            return
        victim = alive[trouble.number % len(alive)]
        victim.fuse = trouble.number * 3
        victim.on_death = lambda: run.log.add("process", f"{victim.name} is killed")
        for _ in range(20):
            run.scheduler.sleep(self._chance.choice(RESTART))
            if victim.dead:
                break
        victim.fuse = None
        if victim.dead:
            self._start(what)

    def _stall(self, what: str, trouble: Trouble) -> None:
        """Let a process stand still for longer than its leases, and go on as if nothing was."""
        run = self._run
        alive = [one.process for one in run.workers if not one.dead]
        if alive:
            victim = alive[trouble.number % len(alive)]
            run.log.add("process", f"{victim.name} stands still")
            victim.stalled_until = run.clock.elapsed + 60 + trouble.lasts
            run.scheduler.sleep(60 + trouble.lasts)
            run.log.add("process", f"{victim.name} goes on")

    def _deploy(self, what: str, trouble: Trouble) -> None:
        """Start new workers beside the old ones, then stop the old ones."""
        old = [worker for worker in self._run.workers if not worker.dead]
        for _ in old:
            self._start("worker")
        self._run.scheduler.sleep(10)
        for worker in old:
            worker.stop()

    def _old(self, what: str, trouble: Trouble) -> None:
        """A worker of an older release runs beside the others for a while."""
        unknown = NEWER_KINDS[trouble.number % len(NEWER_KINDS)]
        worker = self._start("worker", unknown=frozenset({unknown}))
        self._run.scheduler.sleep(max(60.0, trouble.lasts))
        if not worker.dead:
            worker.stop()

    def _clock(self, what: str, trouble: Trouble) -> None:
        """All clocks of the installation are wrong for a while."""
        clock = self._run.clock
        clock.jump = self._chance.choice((-90.0, -30.0, 30.0, 100.0))
        clock.show()
        self._run.scheduler.sleep(trouble.lasts)
        clock.jump = 0.0
        clock.show()

    def _start(self, what: str, **options: object):
        self._serial += 1
        if what == "web":
            return self._run.add_web(f"web {self._serial + 10}")
        return self._run.add_worker(f"worker {self._serial + 10}", **options)
