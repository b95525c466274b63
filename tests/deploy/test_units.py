"""deploy/systemd and Procfile: checked by systemd where it is, and their commands run."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from tests.deploy.installation import DEPLOY, unit
from tests.services.processes import ROOT, eventually, running

pytestmark = pytest.mark.one_database

UNITS = ("eqsr-web.service", "eqsr-worker@.service")
# prctl(2): what MemoryDenyWriteExecute= asks of the kernel, and what NoNewPrivileges= asks.
PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, PR_SET_NO_NEW_PRIVS = 65, 1, 38
# Of 100: systemd-analyze's exposure level times ten.
WORST_EXPOSURE = 20


def setting(name: str, key: str) -> list[str]:
    return [value for one, value in unit(name) if one == key]


@pytest.fixture
def hardened():
    """Processes that are started from now on may not make memory executable that they wrote."""
    libc = ctypes.CDLL(None, use_errno=True)
    child = os.fork()
    if child == 0:
        os._exit(0 if libc.prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) == 0 else 1)
    return os.waitpid(child, 0)[1] == 0


def under_restrictions(command: list[str], possible: bool) -> list[str]:
    """The command, started with MemoryDenyWriteExecute= and NoNewPrivileges= in force."""
    if not possible:
        return command
    calls = "; ".join(
        f"libc.prctl({number}, 1, 0, 0, 0)" for number in (PR_SET_MDWE, PR_SET_NO_NEW_PRIVS)
    )
    code = f"import ctypes, os, sys; libc = ctypes.CDLL(None); {calls}; "
    return ["python3", "-c", code + "os.execv(sys.argv[1], sys.argv[1:])", *command]


@pytest.mark.parametrize("name", UNITS)
@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not there")
def test_systemd_finds_nothing_wrong(name, installed, tmp_path):
    text = (DEPLOY / "systemd" / name).read_text()
    copy = tmp_path / name
    copy.write_text(text.replace("/opt/eqsr/.venv/bin/", f"{shutil.which('env')} "))
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True, timeout=60
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", f"--threshold={WORST_EXPOSURE}", copy],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert rated.returncode == 0, rated.stdout[-200:]


@pytest.mark.parametrize("name", UNITS)
def test_both_units_are_hardened_in_the_same_way(name):
    first, second = (
        unit(one)[[key for key, _value in unit(one)].index("NoNewPrivileges") :] for one in UNITS
    )
    assert first == second
    assert setting(name, "User") == ["eqsr"]


def test_the_web_unit_migrates_starts_and_hands_over(installed, systemd, tmp_path, hardened):
    (migrate,) = setting("eqsr-web.service", "ExecStartPre")
    (start,) = setting("eqsr-web.service", "ExecStart")
    again, hand_over = setting("eqsr-web.service", "ExecReload")
    before = installed.listing()
    assert again == migrate
    assert installed.run(migrate).returncode == 0
    notify = {"NOTIFY_SOCKET": str(tmp_path / "notify")}
    with web(installed, start, tmp_path, notify, hardened) as old:
        assert "READY=1" in systemd.recv(1000).decode()
        assert setting("eqsr-web.service", "NotifyAccess") == ["all"]
        old.wait_for_url(f"http://127.0.0.1:{installed.port}/readyz")
        done = subprocess.run(hand_over.replace("$MAINPID", str(old.pid)).split(), timeout=10)
        assert done.returncode == 0
        new = main_process(systemd)
        assert eventually(lambda: old.returncode == 0), old.output
        assert new != old.pid
        old.wait_for_url(f"http://127.0.0.1:{installed.port}/readyz")
        os.kill(new, signal.SIGTERM)
    assert installed.listing() == before


def web(installed, start: str, tmp_path: Path, more: dict[str, str], hardened: bool):
    command = under_restrictions(installed.command(start), hardened)
    environment = dict(installed.environment) | more
    return running(command, tmp_path / "web.log", environment, installed.folder)


def main_process(systemd: socket.socket) -> int:
    while not (notice := systemd.recv(1000).decode()).startswith("MAINPID="):
        pass
    return int(notice.removeprefix("MAINPID="))


def test_the_worker_unit_starts_and_stops_in_time(installed, tmp_path, hardened):
    (start,) = setting("eqsr-worker@.service", "ExecStart")
    command = under_restrictions(installed.command(start), hardened)
    log = tmp_path / "worker.log"
    with running(command, log, installed.environment, installed.folder) as early:
        assert eventually(lambda: early.returncode is not None)
        assert "The tables are not up to date" in early.output
    (migrate,) = setting("eqsr-web.service", "ExecStartPre")
    assert installed.run(migrate).returncode == 0
    with running(command, log, installed.environment, installed.folder) as worker:
        assert eventually(lambda: "the worker is ready" in worker.output), worker.output
        (seconds,) = setting("eqsr-worker@.service", "TimeoutStopSec")
        assert worker.terminate(int(seconds)) == 0


def test_the_procfile_names_the_same_commands():
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    (web,), (worker,) = (setting(name, "ExecStart") for name in UNITS)
    (migrate,) = setting("eqsr-web.service", "ExecStartPre")
    programs = "/opt/eqsr/.venv/bin/"
    assert lines == {
        "release": migrate.removeprefix(programs),
        "web": web.removeprefix(programs)
        .replace("127.0.0.1:8000", "0.0.0.0:$PORT")
        .removesuffix(" --workers 2"),
        "worker": worker.removeprefix(programs),
    }
