"""Plays one seed or one kept plan again, and makes it smaller if asked."""

import argparse

from simulation import corpus, report
from simulation.planning import make
from simulation.play import play
from simulation.shrink import shrink
from simulation.world import Installation


def replay(options: argparse.Namespace) -> int:
    """Exit code 0: nothing was found."""
    if options.plan is not None:
        plan, _ = corpus.load(options.plan)
    else:
        favour = tuple(filter(None, options.favour.split(",")))
        plan = make(options.seed, options.profile, favour)
    installation = Installation()
    try:
        outcome = play(installation, plan)
        if outcome.failed and options.shrink:
            rule = outcome.findings[0].rule
            plan, outcome = shrink(
                plan, rule, lambda smaller: play(installation, smaller), options.tries
            )
            print(f"The smallest plan found: {len(plan.people)} people, {len(plan.steps)} steps,")
            print(f"{len(plan.troubles)} faults:")
            for each in (*plan.people, *plan.steps, *plan.troubles):
                print(f"  {each}")
        if options.log:
            options.log.write_text("".join(f"{line}\n" for line in outcome.lines))
        if options.save:
            found = str(outcome.findings[0]) if outcome.failed else ""
            print(f"Kept as {corpus.save(plan, options.save, found)}.")
    finally:
        installation.close()
    if outcome.failed:
        print(report.failure(outcome, options.lines))
    print(f"Digest of the log: {outcome.digest}")
    return 1 if outcome.failed else 0
