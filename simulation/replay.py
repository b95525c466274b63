"""Plays one seed or one kept plan again, and makes it smaller if asked."""

import argparse

from simulation import corpus, report
from simulation.plan import Plan
from simulation.planning import make
from simulation.play import Outcome, play
from simulation.shrink import Limits, shrink, size_of
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
            plan, outcome = _smaller(installation, plan, outcome, options)
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


def _smaller(
    installation: Installation, plan: Plan, outcome: Outcome, options: argparse.Namespace
) -> tuple[Plan, Outcome]:
    """The smallest plan found in time, printed; each step on the way there is told."""
    rule = outcome.findings[0].rule
    limits = Limits(
        options.seconds, options.tries, lambda words: print(f"smaller: {words}", flush=True)
    )
    print(f"Shrinking {size_of(plan)}, for at most {options.seconds:.0f} s.", flush=True)
    plan, outcome = shrink(plan, rule, lambda smaller: play(installation, smaller), limits)
    print(f"The smallest plan found: {size_of(plan)}.")
    for each in (*plan.people, *plan.steps, *plan.troubles):
        print(f"  {each}")
    return plan, outcome
