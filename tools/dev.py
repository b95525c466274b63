"""``make dev``: a demo that restarts its web process and worker when code changes.

Each start of the web process reads templates and styles again too.
"""

import signal
import subprocess
import sys
import threading
from pathlib import Path

from tools.demo import ROOT, WANTED_PORTS, Demo, DemoFailed, card, is_free, running_demo

WATCHED = ("eqsr", "templates", "static", "translations")
ENDINGS = {".py", ".html", ".txt", ".css", ".js", ".mo", ".json", ".svg"}
# Seconds between two checks of the files.
LOOK_EVERY = 0.7
STOP_SECONDS = 30


def main() -> int:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    ports = WANTED_PORTS if all(map(is_free, WANTED_PORTS)) else None
    print("Starting …", flush=True)
    try:
        with running_demo(ports) as demo:
            print(card(demo), "\nChanges of the code start web and worker again.", flush=True)
            _watch(demo, stop)
    except DemoFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def _watch(demo: Demo, stop: threading.Event) -> None:
    seen = _stamps()
    while not stop.wait(LOOK_EVERY):
        found = _stamps()
        changed = sorted(path for path in found.keys() | seen if found.get(path) != seen.get(path))
        if changed:
            print(f"{changed[0]} changed: starting again …", flush=True)
            for name in [one for one in demo.processes if one != "sandbox"]:
                _start_again(demo, name)
            seen = found


def _stamps() -> dict[str, float]:
    """Return the modification time of every watched file, by path."""
    files = [path for folder in WATCHED for path in (ROOT / folder).rglob("*")]
    files.append(ROOT / "worker.py")
    found: dict[str, float] = {}
    for path in files:
        if path.suffix in ENDINGS:
            found[path.relative_to(ROOT).as_posix()] = _changed_at(path)
    return found


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # deleted after the folder was listed
        return 0.0


def _start_again(demo: Demo, name: str) -> None:
    process = demo.processes[name]
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with (demo.folder / f"{name}.log").open("ab") as log:
        demo.processes[name] = subprocess.Popen(
            process.args,
            cwd=ROOT,
            env=demo.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    print(f"  {name} runs again; its log is {demo.folder / name}.log", flush=True)


if __name__ == "__main__":
    sys.exit(main())
