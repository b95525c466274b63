"""``python -m simulation``: hunts over seeds, or replays one. See docs/simulation.md."""

import argparse
import os
import sys
from pathlib import Path

COMMANDS = ("hunt", "replay", "seek", "planted", "determinism")


def main() -> int:
    """Exit code 0: nothing was found."""
    _same_hashes()
    options = _options()
    if options.command == "planted":
        return _planted(options)
    options.seed = int(options.words[0]) if options.words else None
    if options.command == "determinism":
        from simulation.determinism import determinism

        return determinism(options.first, options.seeds or 10, options.profile)
    if options.command == "replay":
        from simulation.replay import replay

        return replay(options)
    if options.command == "seek":
        from simulation.seek import seek

        return seek(options)
    return _hunt(options)


def _same_hashes() -> None:
    """Begin again with a fixed hash seed: sets of texts have the same order in every process."""
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "simulation", *sys.argv[1:]])  # noqa: S606


def _hunt(options: argparse.Namespace) -> int:
    from simulation import report
    from simulation.hunt import Tally, hunt

    tally = Tally()
    shown = 0
    for outcome, current in hunt(
        options.first,
        options.seeds,
        options.minutes,
        options.profile,
        options.processes,
        favour=tuple(filter(None, options.favour.split(","))),
    ):
        tally = current
        if outcome.failed:
            shown += 1
            if shown <= options.show:
                print(report.failure(outcome, options.lines), flush=True)
            else:
                print(f"Seed {outcome.plan.seed} ({outcome.plan.profile}): {outcome.findings[0]}")
            if options.stop:
                break
        if options.verbose:
            print(
                f"seed {outcome.plan.seed} {outcome.plan.profile}: {outcome.moves} moves, "
                f"{outcome.seconds:.1f} s, {len(outcome.findings)} findings, "
                f"{outcome.digest[:12]}",
                flush=True,
            )
    print(report.table(tally.coverage))
    print(
        f"{tally.seeds} seeds, {tally.moves} moves, {tally.steps} steps and {tally.mails} mails "
        f"in {tally.seconds:.0f} s; {len(tally.failed)} seeds failed."
    )
    return 1 if tally.failed else 0


def _planted(options: argparse.Namespace) -> int:
    from simulation.planted import LIMIT, Search, find_all

    return find_all(
        options.words,
        Search(
            options.known,
            options.record,
            options.today,
            options.minutes * 60 or LIMIT,
        ),
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("command", nargs="?", choices=COMMANDS, default="hunt")
    parser.add_argument("words", nargs="*", help="replay: the seed; planted: words of a promise")
    parser.add_argument("--first", type=int, default=1, help="the first seed of a hunt")
    parser.add_argument("--seeds", type=int, default=0, help="how many seeds; 0: as time allows")
    parser.add_argument("--minutes", type=float, default=0.0, help="how long to hunt")
    parser.add_argument("--profile", default="", help="mixed, calm, rough, small, days or rare")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--show", type=int, default=3, help="failures shown with a timeline")
    parser.add_argument("--lines", type=int, default=80, help="lines of a timeline")
    parser.add_argument("--stop", action="store_true", help="stop at the first failure")
    parser.add_argument("--verbose", action="store_true", help="a line for each seed")
    parser.add_argument(
        "--favour", default="", help="faults, acts and people to choose more often, comma-separated"
    )
    parser.add_argument("--plan", type=Path, help="replay: a plan of the corpus, as a file")
    parser.add_argument("--log", type=Path, help="replay: write all lines to this file")
    parser.add_argument("--shrink", action="store_true", help="replay: find a smaller plan")
    parser.add_argument("--tries", type=int, default=200, help="how often to try while shrinking")
    parser.add_argument("--seconds", type=float, default=150, help="how long to shrink or to seek")
    parser.add_argument("--save", default="", help="replay: keep the plan under this name")
    parser.add_argument("--known", action="store_true", help="planted: begin with the known seeds")
    parser.add_argument("--record", action="store_true", help="planted: keep the seeds in the list")
    parser.add_argument("--today", action="store_true", help="planted: only the one of today")
    options = parser.parse_intermixed_args()
    if options.command in ("replay", "seek") and not options.words and options.plan is None:
        parser.error("replay needs a seed or --plan")
    if options.command == "hunt" and not options.seeds and not options.minutes:
        options.minutes = 5.0
    return options


if __name__ == "__main__":
    sys.exit(main())
