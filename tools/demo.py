"""``make demo``: everything embedded, until Ctrl-C.

Starts the sandbox (a local SmartRecruiters and mail sink), the web process and a worker in a
throw-away folder, makes a customer, and prints where to go.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from tools.demo_customers import make_customers
from tools.demo_people import PASSWORD
from tools.ports import kept_port
from tools.tour_page import NotThere

ROOT = Path(__file__).resolve().parents[1]
WANTED_PORTS = (8000, 8001, 8002)
START_SECONDS = 120


class DemoFailed(Exception):
    """A part of the demo failed to start or ended; str() names it and holds its output."""


@dataclass
class Demo:
    """A running demo; all its data is deleted at the end."""

    folder: Path
    web_url: str
    sandbox_url: str
    onboarding_url: str = ""
    logins: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)

    def flask(self, *arguments: str, stdin: str = "") -> str:
        """Run a flask command in the demo's installation and return its output."""
        return self.python("-m", "flask", "--app", "app", *arguments, stdin=stdin)

    def python(self, *arguments: str, stdin: str = "") -> str:
        """Run a Python program in the demo's installation and return its output."""
        done = subprocess.run(
            [sys.executable, *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=self.environment,
        )
        if done.returncode:
            raise DemoFailed(f"{' '.join(arguments)} failed:\n{done.stderr}")
        return done.stdout.strip()

    def log(self, name: str, lines: int = 20) -> str:
        """Return the end of a part's output (sandbox, web, worker1, …)."""
        text = (self.folder / f"{name}.log").read_text(errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def check(self) -> None:
        """Raise DemoFailed if a part has ended."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                raise DemoFailed(f"{name} ended by itself; it said:\n{self.log(name)}")


# Takes the address of the mail server behind it and yields its own while it runs.
Relay = Callable[[str], AbstractContextManager[str]]


@contextmanager
def running_demo(
    ports: tuple[int, int, int] | None = None,
    workers: int = 1,
    customer: bool = True,
    record: Path | None = None,
    relay: Relay | None = None,
) -> Iterator[Demo]:
    """Run a demo for the length of a block.

    ``ports``: for web, sandbox and mail, free ones by default. ``customer``: if False, there are
    only staff and a stranger's organisation. ``record``: file for all requests to the sandbox
    and its answers. ``relay``: a mail server between the product and the sandbox. Raises
    DemoFailed.
    """
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="eqsr-demo-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        ports = ports or _kept_ports(stack)
        yield _run(stack, folder, ports, workers, customer, record, relay)


def _kept_ports(stack: ExitStack) -> tuple[int, int, int]:
    """Reserve three ports until our own programs listen on them."""
    return tuple(stack.enter_context(kept_port()) for _ in range(3))


def _run(
    stack: ExitStack,
    folder: Path,
    ports: tuple[int, int, int],
    workers: int,
    customer: bool,
    record: Path | None,
    relay: Relay | None,
) -> Demo:
    """Start everything; leaving ``stack`` stops it."""
    web, box, mail = ports
    mail_url = f"smtp://127.0.0.1:{mail}"
    if relay is not None:
        mail_url = stack.enter_context(relay(mail_url))
    demo = Demo(folder, f"http://127.0.0.1:{web}", f"http://127.0.0.1:{box}")
    demo.environment = os.environ | {
        "DATA_DIR": str(folder / "data"),
        "DATABASE_URL": os.environ.get("DEMO_DATABASE_URL", ""),
        "REDIS_URL": "",
        # Drop settings of another installation that happen to be set in this shell.
        "SECRET_KEY": "",
        "SECRET_KEY_FALLBACKS": "",
        "SECURITY_CONTACT": "",
        "HSTS_SUBDOMAINS": "",
        "METRICS_TOKEN": "",
        "ENCRYPTION_KEYS": "",
        "PLATFORM_NAME": "",
        "BOUNCES_URL": "",
        "ALLOWED_HOSTS": "",
        "PROXIES": "",
        "WORKER_SLOTS": "",
        "PORT": str(web),
        "PUBLIC_URL": demo.web_url,
        "SMARTRECRUITERS_API_URL": demo.sandbox_url,
        "SMARTRECRUITERS_TOKEN_URL": "",
        "MAIL_URL": mail_url,
        "MAIL_FROM": "Equalture <no-reply@equalture.example>",
        "SUPPORT_URL": "support@equalture.example",
        "PYTHONUNBUFFERED": "1",
    }
    options = ["--port", str(box), "--smtp-port", str(mail)]
    options += ["--record", str(record)] if record else []
    _start(stack, demo, "sandbox", "-m", "sandbox", *options)
    demo.python("-m", "tools.demo_people")
    _start(stack, demo, "web", *web_command(web))
    for number in range(workers):
        _start(stack, demo, f"worker{number + 1}", "worker.py")
    _wait(demo, f"{demo.sandbox_url}/")
    _wait(demo, f"{demo.web_url}/readyz")
    _make_customers(demo, customer)
    return demo


def web_command(port: int) -> tuple[str, ...]:
    """Return the Python arguments that serve the product; gunicorn.conf.py holds the rest."""
    listen = ("--bind", f"127.0.0.1:{port}", "--threads", "8", "--no-control-socket")
    return ("-m", "gunicorn", *listen, "app:app")


def _make_customers(demo: Demo, customer: bool) -> None:
    try:
        made = make_customers(demo.web_url, demo.sandbox_url, customer)
    except (NotThere, requests.RequestException) as failure:
        said = "\n".join(demo.log(name) for name in demo.processes)
        raise DemoFailed(f"Nobody could be made: {failure}; the parts said:\n{said}") from None
    demo.logins, demo.onboarding_url = made


def _start(stack: ExitStack, demo: Demo, name: str, *arguments: str) -> None:
    log = stack.enter_context((demo.folder / f"{name}.log").open("wb"))
    process = subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd=ROOT,
        env=demo.environment,
        start_new_session=True,  # Ctrl-C reaches only this process, which stops the parts in order
    )
    demo.processes[name] = process
    # tools.dev may have started another process under this name.
    stack.callback(lambda: _stop(demo.processes[name]))


def _stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(demo: Demo, url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers(url):
        demo.check()
        if time.monotonic() > deadline:
            said = "\n".join(demo.log(name) for name in demo.processes)
            raise DemoFailed(f"{url} does not answer; the parts said:\n{said}")
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def main() -> int:
    wanted = WANTED_PORTS if all(map(is_free, WANTED_PORTS)) else None
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    print("Starting …", flush=True)
    try:
        with running_demo(wanted) as demo:
            print(card(demo), flush=True)
            while not stop.wait(1):
                demo.check()
            print("\nStopping.", flush=True)
    except DemoFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def card(demo: Demo) -> str:
    return f"""
eqsr is running. Everything is thrown away when you press Ctrl-C.

  Dashboard        {demo.web_url}/
    admin          {demo.logins["admin"]}
    reviewer       {demo.logins["reviewer"]}
    staff (CSM)    {demo.logins["staff"]}
    stranger       {demo.logins["stranger"]}   (an admin of another customer)
    password       {PASSWORD}

  Onboarding link  {demo.onboarding_url}
  SmartRecruiters  {demo.sandbox_url}/   (a sandbox: credentials, jobs, candidates, profiles)
  Mail             {demo.sandbox_url}/mail

  1. Open the onboarding link and follow it; make the credential in the sandbox.
  2. Log in as admin, create a job under Jobs, press Connect.
  3. Move a candidate to that stage in the sandbox; the invitation arrives under Mail.
  4. Take the assessment; the sandbox's profile then says View details.

  Logs: {demo.folder}
"""


if __name__ == "__main__":
    sys.exit(main())
