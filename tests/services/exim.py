"""A real mail server: Debian's Exim, run without root privileges on loopback, with a temporary
configuration and spool.

``python -m tests.services.exim`` prints its path, or exits with 1 when there is none.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from tests.services.processes import eventually
from tools.ports import kept_port

# Mails to this domain go to ``far``, bounces to a folder, all others to ``onward``.
FAR = "far.example"

CONFIG = """
primary_hostname = exim.test.example
spool_directory = {folder}/spool
log_file_path = {folder}/log-%s
pid_file_path = {folder}/pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
keep_environment =
tls_advertise_hosts =
smtputf8_advertise_hosts = *
host_lookup =
rfc1413_hosts =
deliver_drop_privilege = true
smtp_accept_max = 50
acl_smtp_rcpt = rcpt
begin acl
rcpt:
  accept
begin routers
bounces:
  driver = accept
  senders = :
  transport = bounces
far:
  driver = manualroute
  domains = far.example
  route_list = * 127.0.0.1::{far}
  self = send
  transport = smtp
onward:
  driver = manualroute
  route_list = * 127.0.0.1::{onward}
  self = send
  transport = smtp
begin transports
bounces:
  driver = appendfile
  directory = {folder}/bounces
  maildir_format
  create_directory
smtp:
  driver = smtp
  allow_localhost
  hosts_try_chunking =
begin retry
* * F,2h,1s
"""


def find_exim() -> str | None:
    """Return the program, or None if it is missing or we may not start it."""
    if os.geteuid() != 0:
        return None
    return shutil.which("exim4", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class Exim:
    def __init__(self, program: str, folder: Path, port: int, user: str | None) -> None:
        self.url = f"smtp://127.0.0.1:{port}"
        self._program, self._folder, self._port, self._user = program, folder, port, user
        self._running: subprocess.Popen | None = None

    def start(self) -> None:
        command = [self._program, "-C", str(self._folder / "config"), "-bdf", "-q1s"]
        with (self._folder / "output").open("ab") as output:
            self._running = subprocess.Popen(
                command,
                user=self._user,
                group=self._user,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        assert eventually(self._answers), self.log()

    def stop(self) -> None:
        if self._running is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._running.pid, signal.SIGTERM)
            self._running.wait(60)
            self._running = None

    def bounces(self) -> list[bytes]:
        """Return the bounces so far, oldest first."""
        folder = self._folder / "bounces" / "new"
        return [path.read_bytes() for path in sorted(folder.glob("*"))]

    def log(self) -> str:
        return "\n".join(path.read_text() for path in self._folder.glob("log-*"))

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=5) as connection:
                return connection.recv(4).startswith(b"220")
        except OSError:
            return False


@contextmanager
def exim(onward: str, far: str) -> Iterator[Exim]:
    """Run a server; ``onward`` and ``far`` are the URLs of other mail servers."""
    program = find_exim()
    assert program, "no Exim was found; install exim4-daemon-light"
    # The account that the package creates: only that account and root may start Exim.
    user = "Debian-exim" if os.geteuid() == 0 else None
    # Outside pytest's folders, which other accounts may not read.
    folder = Path(tempfile.mkdtemp(prefix="eqsr-exim-"))
    try:
        with kept_port() as port:
            ports = {"onward": urlsplit(onward).port, "far": urlsplit(far).port, "port": port}
            config = folder / "config"
            config.write_text(CONFIG.format(folder=folder, **ports))
            (folder / "spool").mkdir()
            if user:
                _give(folder, user)
            server = Exim(program, folder, port, user)
            server.start()
            try:
                yield server
            finally:
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _give(folder: Path, user: str) -> None:
    account = pwd.getpwnam(user)
    for path in (folder, folder / "spool"):
        os.chown(path, account.pw_uid, account.pw_gid)


if __name__ == "__main__":
    found = find_exim()
    print(found or "no Exim that we may start")
    sys.exit(0 if found else 1)
