"""One simulated installation with its surroundings; ``Run`` is one seed in it."""

import gc
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from redis.exceptions import RedisError

from simulation.broker import Broker
from simulation.clock import Clock
from simulation.customers import Customer, connect_all
from simulation.database import Database, DatabaseFaults
from simulation.faults import Weather
from simulation.log import Log
from simulation.logs import LogWatch
from simulation.mail_server import MailServer
from simulation.network import SMARTRECRUITERS, Network
from simulation.oracle.finals import WATCHED
from simulation.product import finals, memory, rows, seams, setup
from simulation.randomness import Randomness
from simulation.scheduler import Scheduler
from simulation.smartrecruiters import SmartRecruiters
from simulation.tasks import Process
from simulation.workers import Worker

# Elapsed seconds at which every run begins; the customers were connected before.
START = 2 * 3600.0


class Installation:
    """What is made once per process: the application, the sandbox, and customers to begin with."""

    def __init__(self) -> None:
        shared = Path("/dev/shm")  # noqa: S108
        place = shared if shared.is_dir() else None
        self.folder = Path(tempfile.mkdtemp(prefix="eqsr-simulation-", dir=place))
        self.clock = Clock()
        self.run: Run
        self.database = Database(self.folder)
        randomness = Randomness(0)
        randomness.install()
        settings = setup.settings_for(self.folder, self.database.url, f"http://{SMARTRECRUITERS}")
        self.app = setup.build(settings)
        self.watch = LogWatch(is_injected)
        logging.getLogger().addHandler(self.watch)
        logging.getLogger().setLevel(logging.INFO)
        seams.install(
            lambda: self.run.scheduler,
            lambda: self.run.broker,
            lambda: self.run.mail.came_back,
        )
        self.smartrecruiters = SmartRecruiters(lambda: self.run.scheduler, lambda: self.run.weather)
        with setup.inside(self.app):
            self.database.attach(setup.engine(), tuple(rows.triggers()))
            finals.watch(WATCHED)
        self.clock.install(lambda seconds: self.run.scheduler.sleep(seconds))
        self.customers: list[Customer] = []
        self._begin()
        # What is there now stays; looking through it again and again takes a tenth of the time.
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)

    def _begin(self) -> None:
        """Connect the customers, and keep what every run begins with."""
        run = Run(self, 0)
        self.customers = connect_all(run)
        run.close()
        with setup.inside(self.app):
            setup.release()
        self.database.keep()
        self.smartrecruiters.keep()

    def begin(self, seed: int) -> "Run":
        """A run in which nothing has happened yet."""
        self.database.restore()
        self.smartrecruiters.restore()
        self.watch.leaks.clear()
        self.watch.errors.clear()
        self.clock.jump = self.clock.skew = 0.0
        self.clock.set(START)
        return Run(self, seed)

    def close(self) -> None:
        """Remove the files."""
        self.clock.remove()
        shutil.rmtree(self.folder, ignore_errors=True)


class Run:
    """One seed: its scheduler, log, faults and processes."""

    def __init__(self, installation: Installation, seed: int) -> None:
        self.installation, self.seed = installation, seed
        self.clock = installation.clock
        self.randomness = Randomness(seed)
        self.randomness.install()
        chance = self.randomness.world
        self.scheduler = Scheduler(self.clock, self.randomness.order)
        self.log = Log(self.clock)
        self.log.who = self._who
        self.weather = Weather(chance)
        self.mail = MailServer(self.scheduler, self.log, chance)
        self.mail.install()
        self.broker = Broker(self.scheduler)
        self.database = DatabaseFaults(self.scheduler, self.log, chance)
        installation.database.faults = self.database
        self.smartrecruiters = installation.smartrecruiters
        self.network = Network(self.scheduler, self.weather, self.log)
        self.network.product = installation.app
        self.network.sandbox = self.smartrecruiters.app
        self.network.company_of = self.smartrecruiters.company_of
        self.network.install()
        self.scheduler.on_switch = self._switch
        self.workers: list[Worker] = []
        # What no worker's loop may meet.
        self.failed: list[str] = []
        self._shown: Process | None = None
        installation.run = self

    @property
    def customers(self) -> list[Customer]:
        """The customers with whom every run begins."""
        return self.installation.customers

    @contextmanager
    def context(self) -> Iterator[None]:
        """An application context."""
        with setup.inside(self.installation.app):
            yield

    def add_web(self, name: str, skew: float = 0.0) -> Process:
        """Start a web process."""
        web = Process(name, skew)
        web.memory = memory.Memory()
        self.network.webs.append(web)
        self.log.add("process", f"{name} starts")
        return web

    def add_worker(self, name: str, **options: Any) -> Worker:
        """Start a worker."""
        self.log.add("process", f"{name} starts")
        worker = Worker(
            name, self.scheduler, self.broker, self.context, self.log, self.failed, **options
        )
        self.workers.append(worker)
        return worker

    def verb(self, web: Process | None, name: str, call: Any) -> Any:
        """Run a verb of the product in a web process, from inside a task. Raises its error."""
        alive = [one for one in self.network.webs if not one.dead]
        if not alive:
            raise ConnectionError("no web process")

        def inside() -> Any:
            try:
                with self.context():
                    return None, call()
            except Exception as error:
                return error, None

        task = self.scheduler.spawn(name, inside, web or alive[0])
        self.scheduler.join(task)
        if task.error is not None:
            raise ConnectionError("the web process died")
        error, result = task.result
        if error is not None:
            raise error
        return result

    def close(self) -> None:
        """End all tasks and give everything back."""
        self.database.state = ""
        self.database.fail_commits = self.database.lose_commits = self.database.locked = 0.0
        self.scheduler.close()
        self._switch(None)
        self.installation.database.faults = None
        self.installation.database.on_change = lambda noun, before, after: None
        with setup.inside(self.installation.app):
            setup.release()
        gc.collect()

    def _who(self) -> str:
        task = self.scheduler.current
        return task.process.name if task is not None and task.process is not None else "world"

    def _switch(self, process: Process | None) -> None:
        if process is not None and process.memory is not None and process is not self._shown:
            if self._shown is not None:
                self._shown.memory.take_out()
            process.memory.put_in()
            self._shown = process
        skew = process.skew if process is not None else 0.0
        if skew != self.clock.skew:
            self.clock.skew = skew
            self.clock.show()


def is_injected(error: BaseException) -> bool:
    """Whether an error can come from our own faults, so that it blames nobody."""
    return isinstance(error, (RedisError, OSError)) or (
        isinstance(error, Exception) and setup.is_trouble(error)
    )
