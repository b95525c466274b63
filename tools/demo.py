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
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "eqsr-demo-password"
WANTED_PORTS = (8000, 8001, 8002)


class DemoFailed(Exception):
    """A part of the demo did not start; str() says which and what it printed."""


@dataclass
class Demo:
    """A running demo. Everything in it vanishes with it."""

    folder: Path
    web_url: str
    sandbox_url: str
    onboarding_url: str = ""
    logins: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    def flask(self, *arguments: str, stdin: str = "") -> str:
        """Run one of our commands in the demo's installation; what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=self.environment,
        )
        if done.returncode:
            raise DemoFailed(f"flask {' '.join(arguments)} failed:\n{done.stderr}")
        return done.stdout.strip()


@contextmanager
def running_demo(ports: tuple[int, int, int] | None = None, workers: int = 1):
    """A demo for the length of a block: (web, sandbox, mail) ``ports``, free ones by default.

    Raises DemoFailed.
    """
    folder = Path(tempfile.mkdtemp(prefix="eqsr-demo-"))
    web, box, mail = ports or (free_port(), free_port(), free_port())
    demo = Demo(folder, f"http://127.0.0.1:{web}", f"http://127.0.0.1:{box}")
    demo.environment = os.environ | {
        "DATA_DIR": str(folder / "data"),
        "DATABASE_URL": os.environ.get("DEMO_DATABASE_URL", ""),
        "REDIS_URL": "",
        "PORT": str(web),
        "PUBLIC_URL": demo.web_url,
        "SMARTRECRUITERS_API_URL": demo.sandbox_url,
        "SMARTRECRUITERS_TOKEN_URL": "",
        "MAIL_URL": f"smtp://127.0.0.1:{mail}",
        "MAIL_FROM": "Equalture <no-reply@equalture.example>",
        "SUPPORT_URL": "support@equalture.example",
        "PYTHONUNBUFFERED": "1",
    }
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        sandbox = ["-m", "sandbox", "--port", str(box), "--smtp-port", str(mail)]
        _start(stack, demo, "sandbox", sandbox)
        demo.flask("db", "upgrade")
        gunicorn = ["-m", "gunicorn", "--bind", f"127.0.0.1:{web}", "--threads", "8", "app:app"]
        _start(stack, demo, "web", gunicorn)
        for number in range(workers):
            _start(stack, demo, f"worker{number + 1}", ["worker.py"])
        _wait(demo, "sandbox", f"{demo.sandbox_url}/")
        _make_people(demo)
        _wait(demo, "web", f"{demo.web_url}/readyz")
        yield demo


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _make_people(demo: Demo) -> None:
    platform = demo.flask("organisation", "create", "Equalture")
    customer = demo.flask("organisation", "create", "Northwind Logistics")
    for role, slug, email in (
        ("staff", platform, "csm@equalture.example"),
        ("admin", customer, "admin@northwind.example"),
        ("reviewer", customer, "recruiter@northwind.example"),
    ):
        options = ["--organisation", slug, "--role", role, "--password-stdin"]
        demo.flask("user", "create", email, *options, stdin=f"{PASSWORD}\n")
        demo.logins[role] = email
    link = ["onboarding", "link", customer, "--email", demo.logins["admin"]]
    demo.onboarding_url = demo.flask(*link)


def _start(stack: ExitStack, demo: Demo, name: str, arguments: list[str]) -> None:
    log = stack.enter_context((demo.folder / f"{name}.log").open("wb"))
    process = subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd=ROOT,
        env=demo.environment,
        start_new_session=True,  # Ctrl-C reaches only us; we stop the parts in order
    )
    stack.callback(_stop, process)


def _stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(demo: Demo, name: str, url: str, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not _answers(url):
        if time.monotonic() > deadline:
            said = (demo.folder / f"{name}.log").read_text(errors="replace")[-3000:]
            raise DemoFailed(f"{name} did not start; it said:\n{said}")
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def main() -> int:
    wanted = WANTED_PORTS if all(map(_free, WANTED_PORTS)) else None
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with running_demo(wanted) as demo:
            print(_card(demo), flush=True)
            stop.wait()
            print("\nStopping.", flush=True)
    except DemoFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def _free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _card(demo: Demo) -> str:
    return f"""
eqsr is running. Everything is thrown away when you press Ctrl-C.

  Dashboard        {demo.web_url}/
    admin          {demo.logins["admin"]}
    reviewer       {demo.logins["reviewer"]}
    staff (CSM)    {demo.logins["staff"]}
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
