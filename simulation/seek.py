"""Plays seed after seed in this process until one breaks a rule, and then that one again."""

import argparse
import re
import time

from simulation.planning import make
from simulation.play import Outcome, play
from simulation.world import Installation

# How the seed that was found is printed: its number, and the rules that it broke both times.
SEED = re.compile(r"^Found: seed (\d+) breaks (.+)$", re.M)


def seek(options: argparse.Namespace) -> int:
    """Print the first seed that breaks the same rule twice, and stop after ``options.seconds``.

    Seconds are those of one core, so that a busy machine finds no less; 0 plays one seed only.
    """
    favour = tuple(filter(None, options.favour.split(",")))
    began, seed = time.process_time(), options.seed
    installation = Installation()
    try:
        while True:
            plan = make(seed, options.profile, favour)
            rules = rules_of(play(installation, plan))
            again = rules_of(play(installation, plan)) if rules else []
            if both := [rule for rule in rules if rule in again]:
                print(f"Found: seed {seed} breaks {'; '.join(both)}")
                return 0
            seed += 1
            if time.process_time() - began >= options.seconds:
                return 0
    finally:
        installation.close()


def rules_of(outcome: Outcome) -> list[str]:
    """The rules that a run broke, each once."""
    return list(dict.fromkeys(found.rule for found in outcome.findings))
