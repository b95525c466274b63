"""``make bench``: measures every budget in one run; the table is also saved in bench/results/."""

import argparse
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import ingest, lists, moves, worker
from bench.ingest import Row

RESULTS = Path(__file__).parent / "results"


def main() -> int:
    options = _options()
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True
    ).stdout.strip()
    head = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit or '?'}, {_machine()}"
    print(head, flush=True)
    rows: list[tuple[str, Row]] = []
    for database in options.databases:
        for measure, count in (
            (ingest.measure, options.requests),
            (worker.measure, options.jobs),
            (moves.measure, options.moves),
            (lists.measure, options.invitations),
        ):
            found = measure(database, count)
            rows += [(database, row) for row in found]
            print(_table([(database, row) for row in found]), flush=True)
    _write(head, rows)
    missed = [row for _, row in rows if not row.holds]
    print(f"{len(rows) - len(missed)} hold, {len(missed)} missed")
    return 1 if missed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--requests", type=int, default=6000)
    parser.add_argument("--jobs", type=int, default=1500)
    parser.add_argument("--moves", type=int, default=1000)
    parser.add_argument("--invitations", type=int, default=200_000)
    return parser.parse_args()


def _machine() -> str:
    cores = f"{os.cpu_count()} cores"
    return f"{cores}, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


def _table(rows: list[tuple[str, Row]]) -> str:
    lines = ["| database | what | measured | limit | holds |", "|---|---|---|---|---|"]
    lines += [
        f"| {database} | {row.what} | {row.measured} | {row.limit} | {_said(row)} |"
        for database, row in rows
    ]
    return "\n".join(lines)


def _said(row: Row) -> str:
    return "yes" if row.holds else "NO"


def _write(head: str, rows: list[tuple[str, Row]]) -> None:
    RESULTS.mkdir(exist_ok=True)
    name = f"{datetime.now(UTC):%Y-%m-%d-%H%M}.md"
    (RESULTS / name).write_text(f"# {head}\n\n{_table(rows)}\n")


if __name__ == "__main__":
    sys.exit(main())
