"""Runs the sample configurations of deploy/proxy as they are, but for names, ports and paths."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deploy.installation import DEPLOY
from tests.deploy.upstream import NAME, Visitor, certificate
from tests.services.processes import Process, eventually, running
from tools.ports import free_port


@dataclass
class Proxy:
    """A running proxy. ``logs``: everything that it writes, its errors too."""

    port: int
    pem: Path
    logs: list[Path]
    process: Process

    def visitor(self, address: str = "127.0.0.1") -> Visitor:
        return Visitor(self.port, self.pem, address)

    def log(self) -> str:
        return "".join(path.read_text() for path in self.logs if path.exists())


def program(name: str) -> str:
    """The proxy's path; skips the test where it is missing, or fails with REQUIRE_PROXIES=1."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if found is None:
        if os.environ.get("REQUIRE_PROXIES") == "1":
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed")
    return found


@contextmanager
def nginx(folder: Path, upstream: int) -> Iterator[Proxy]:
    """Run deploy/proxy/nginx.conf in front of a port of this machine."""
    binary, port = program("nginx"), free_port()
    pem, key = certificate(folder)
    text = (DEPLOY / "proxy" / "nginx.conf").read_text()
    text = text.replace("/etc/ssl/assess.pem", str(pem)).replace("/etc/ssl/assess.key", str(key))
    text = text.replace("/var/log/nginx/", f"{folder}/").replace(
        "127.0.0.1:8000", f"127.0.0.1:{upstream}"
    )
    text = re.sub(r"listen 443\b", f"listen 127.0.0.1:{port}", text)
    text = re.sub(r"listen 80\b", f"listen 127.0.0.1:{free_port()}", text)
    kept = "".join(
        f"{name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Started by root, its workers would be another user, who may not enter this folder.
    user = "user root;\n" if os.geteuid() == 0 else ""
    config = folder / "nginx.conf"
    config.write_text(
        f"{user}daemon off;\nworker_processes 1;\npid {folder}/nginx.pid;\n"
        f"events {{}}\nhttp {{\n{kept}\n{text}\n}}\n"
    )
    command = [binary, "-p", str(folder), "-e", str(folder / "start.log"), "-c", str(config)]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, timeout=30)
    assert checked.returncode == 0, checked.stderr
    assert "[warn]" not in checked.stderr.replace('the "user" directive', "")
    with running(command, folder / "out.log") as process:
        logs = [
            folder / name for name in ("assess.log", "assess.error.log", "out.log", "start.log")
        ]
        yield _ready(Proxy(port, pem, logs, process))


@contextmanager
def caddy(folder: Path, upstream: int) -> Iterator[Proxy]:
    """Run deploy/proxy/Caddyfile in front of a port of this machine."""
    binary, port = program("caddy"), free_port()
    pem, key = certificate(folder)
    text = (DEPLOY / "proxy" / "Caddyfile").read_text()
    text = text.replace(
        "\tservers {",
        f"\tadmin off\n\tauto_https disable_redirects\n\thttps_port {port}\n\tservers {{",
        1,
    )
    text = text.replace("\trequest_body {", f"\ttls {pem} {key}\n\trequest_body {{", 1)
    # The visitor, who is on this machine, shall be a stranger.
    text = text.replace("private_ranges", "10.0.0.0/8")
    text = text.replace("lb_try_duration 20s", "lb_try_duration 1s")
    version = re.search(r"(\d+)\.(\d+)", subprocess.check_output([binary, "version"], text=True))
    assert version
    if tuple(map(int, version.groups())) < (2, 7):  # Debian 12's: it had another name there
        text = text.replace("request_buffers 1MiB", "buffer_requests\n\t\tmax_buffer_size 1MiB")
    config = folder / "Caddyfile"
    config.write_text(text)
    environment = {
        "EQSR_HOST": NAME,
        "EQSR_UPSTREAM": f"127.0.0.1:{upstream}",
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "HOME": str(folder),
    }
    command = [binary, "run", "--adapter", "caddyfile", "--config", str(config)]
    with running(command, folder / "out.log", environment) as process:
        yield _ready(Proxy(port, pem, [folder / "out.log"], process))


def _ready(proxy: Proxy) -> Proxy:
    def answers() -> bool:
        try:
            return proxy.visitor().ask("/healthz") > 0
        except OSError:
            return proxy.process.returncode is not None

    assert eventually(answers)
    assert proxy.process.returncode is None, proxy.process.output
    return proxy


RUN = {"nginx": nginx, "Caddy": caddy}
