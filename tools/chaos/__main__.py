"""``make chaos``: the campaign on SQLite and on PostgreSQL, and a table of what came of it."""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tools.chaos import plan
from tools.chaos.campaign import Outcome, run
from tools.chaos.databases import KINDS
from tools.chaos.report import table

OFFENCES_SHOWN = 20


def main() -> int:
    options = _options()
    size = plan.SHORT if options.short else plan.FULL
    folder = Path(tempfile.mkdtemp(prefix="eqsr-chaos-"))
    print(f"Seed {options.seed}. Logs: {folder}", flush=True)
    outcomes: dict[str, Outcome] = {}
    for database in [options.database] if options.database else KINDS:
        (folder / database).mkdir()
        outcomes[database] = run(
            folder / database,
            database,
            size,
            options.seed,
            lambda said, database=database: print(f"{database}: {said}", flush=True),
        )
    print(table(outcomes))
    guilty = {name: each.account.offences for name, each in outcomes.items()}
    for database, offences in guilty.items():
        for offence in offences[:OFFENCES_SHOWN]:
            print(f"{database}: {offence}")
        if len(offences) > OFFENCES_SHOWN:
            print(f"{database}: … and {len(offences) - OFFENCES_SHOWN} more")
    if any(guilty.values()):
        print(f"The campaign with seed {options.seed} found what must not be. Logs: {folder}")
        return 1
    shutil.rmtree(folder)
    print("Nothing was lost, nothing was doubled.")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos ARGS=…", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="some 20 seconds per database")
    parser.add_argument("--database", choices=KINDS, help="only this one")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
