"""Plays a plan: people act, things break, everything heals, and the oracle judges."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from simulation.books import Books, open_books
from simulation.coverage import Coverage, planned
from simulation.customers import WANTED
from simulation.log import Line
from simulation.oracle.judge import Finding, judge, safe
from simulation.people.admins import Admins
from simulation.people.candidates import Candidates
from simulation.people.recruiters import Recruiters
from simulation.plan import DAY, HOUR, MINUTE, Plan, Step
from simulation.product import memory, rows, setup
from simulation.smartrecruiters import moves_of
from simulation.troubles import Troubles
from simulation.world import START, Installation, Run

# After everything has healed: how long it may take until all work is done, and the least that is
# waited, in which sweeps find what webhooks missed.
LONGEST, LEAST = 12 * HOUR, 60 * MINUTE
# While days pass, what happens by the clock happens this rarely.
RESTS = 6 * HOUR


@dataclass
class Outcome:
    """What came of a run. ``findings``: what the oracle has against it."""

    plan: Plan
    digest: str
    findings: list[Finding]
    moves: int
    steps: int
    mails: int
    seconds: float
    coverage: Coverage
    lines: list[Line] = field(default_factory=list)
    struck: Counter[str] = field(default_factory=Counter)

    @property
    def failed(self) -> bool:
        """Whether the oracle found anything."""
        return bool(self.findings)


class Play:
    """One plan in one run."""

    def __init__(self, installation: Installation, plan: Plan) -> None:
        self.plan = plan
        self.run: Run = installation.begin(plan.seed)
        self.books: Books = open_books(plan.people, START)
        self.troubles = Troubles(self.run, plan.seed)
        self._recruiters = Recruiters(self.run, self.books)
        self._admins = Admins(self.run, self.books)
        self._candidates = Candidates(self.run, self.books, plan.seed)
        self._busy = 0
        self.coverage = Coverage(planned=planned(plan))
        installation.database.on_change = self.coverage.saw
        self.early: list[Finding] = []
        self._next_judgement = 0.0

    def play(self) -> Outcome:
        """Play it to its end."""
        run, plan = self.run, self.plan
        began = run.clock.real()
        watch = run.installation.watch
        watch.secrets = self._secrets()
        watch.on_error = lambda text: run.log.add("error", text)
        try:
            self._begin()
            self._storm()
            self.troubles.heal()
            self._settle()
            if plan.days:
                self._days()
            with run.context():
                findings = [*judge(self), *self._strange()]
                self.coverage.read()
        finally:
            run.close()
        struck = run.weather.struck + run.mail.struck + run.database.struck + run.broker.struck
        self.coverage.faults.update(struck)
        self.coverage.faults.update(self.troubles.begun)
        return Outcome(
            plan,
            run.log.digest,
            findings,
            moves_of(run.smartrecruiters.world),
            run.scheduler.steps,
            len(run.mail.letters),
            run.clock.real() - began,
            self.coverage,
            run.log.lines,
            struck,
        )

    def _strange(self) -> list[Finding]:
        return [Finding("only states that can follow", one) for one in self.coverage.strange()]

    def _secrets(self) -> dict[str, str]:
        world = self.run.smartrecruiters.world
        found = {one.secret: "a client secret" for one in world.credentials.values()}
        for company in world.companies.values():
            for subscription in company.subscriptions.values():
                found |= {key.value: "a signing key" for key in subscription.keys}
        return found | {setup.PASSWORD: "a password", "mail-server-password": "the mail password"}

    def _begin(self) -> None:
        run, plan = self.run, self.plan
        run.scheduler.switching = plan.switching
        memory.Memory.stretch = plan.stretch
        if plan.start:
            run.clock.set(run.clock.elapsed + plan.start)
        for number in range(plan.webs):
            run.add_web(f"web {number + 1}", plan.skews[0])
        for number in range(plan.workers):
            run.add_worker(f"worker {number + 1}", skew=plan.skews[number % len(plan.skews)])
        for person in plan.people:
            if person.mailbox and person.email:
                run.mail.mailboxes[person.email] = person.mailbox
        for step in plan.steps:
            run.scheduler.spawn(step.act, lambda step=step: self._act(step), None, step.at + 1)
        for trouble in plan.troubles:
            run.scheduler.spawn(
                trouble.what, lambda t=trouble: self.troubles.strike(t), None, trouble.at + 1
            )
        run.scheduler.spawn("mail readers", self._read_mail, None)

    def _act(self, step: Step) -> None:
        self._busy += 1
        try:
            if not self._recruiters.act(step):
                self._admins.act(step)
        finally:
            self._busy -= 1

    def _read_mail(self) -> None:
        while True:
            self._candidates.read_mail()
            self.run.scheduler.wait("letters")

    def _storm(self) -> None:
        run, end = self.run, self.run.clock.elapsed + self.plan.length + 5
        while run.clock.elapsed < end:
            run.scheduler.run(min(end, run.clock.elapsed + 2 * MINUTE))
            self._look()

    def _settle(self) -> None:
        run = self.run
        run.log.add("world", "everything has healed")
        self._mend()
        began = run.clock.elapsed
        while run.clock.elapsed < began + LONGEST:
            for worker in run.workers:
                worker.calm = 300.0
            run.scheduler.run(run.clock.elapsed + 10 * MINUTE)
            self._look()
            if run.clock.elapsed >= began + LEAST and self._quiet():
                return

    def _mend(self) -> None:
        """People put right what they broke, and supervisors start what has ended."""
        run = self.run
        if not any(not web.dead for web in run.network.webs):
            run.add_web("web 9")
        if not any(not worker.dead for worker in run.workers):
            run.add_worker("worker 9")
        undo = []
        for customer in run.customers:
            acts = ("give scopes", "name stage back")
            undo += [Step(0, act, customer.number) for act in acts]
            undo += [Step(0, "reopen ats job", customer.number, job=job) for job in (0, 1)]
        for step in undo:
            self._recruiters.act(step)

    def _quiet(self) -> bool:
        if self._busy or self.run.smartrecruiters.pending():
            return False
        with self.run.context():
            return rows.nothing_to_do()

    def _look(self) -> None:
        """Judge by the rules that hold at every moment, at most every ten minutes."""
        if self.run.clock.elapsed < self._next_judgement:
            return
        self._next_judgement = self.run.clock.elapsed + 10 * MINUTE
        with self.run.context():
            try:
                known = {str(one) for one in self.early}
                self.early += [one for one in safe(self) if str(one) not in known]
            except Exception as error:
                if not setup.is_trouble(error):
                    raise

    def _days(self) -> None:
        """Days pass: reminders, deadlines, late mails."""
        run, end = self.run, self.run.clock.elapsed + self.plan.days * DAY
        while run.clock.elapsed < end:
            for worker in run.workers:
                worker.calm = 4 * HOUR
                worker.process.memory.rest(RESTS)
            run.scheduler.run(min(end, run.clock.elapsed + 8 * HOUR))
            self._look()
        for worker in run.workers:
            worker.calm = 60.0
        run.scheduler.notify("wake-up")
        run.scheduler.run(run.clock.elapsed + 40 * MINUTE)


def play(installation: Installation, plan: Plan) -> Outcome:
    """Play a plan in this installation."""
    return Play(installation, plan).play()


__all__ = ["WANTED", "Any", "Outcome", "Play", "play"]
