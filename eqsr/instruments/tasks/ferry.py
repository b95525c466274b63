"""Ferry, a planning task: take all goods across under rules, in few crossings.

The puzzles come from a bank of structures (bank.json), each proved to have exactly one shortest
solution. A sitting draws one per level and gives it random goods. With a fixed bank, each structure
collects statistics, which new puzzles for every sitting would not.

Parameters: ``levels``, each with ``name`` and ``difficulty`` (logits, by design); ``extra``
crossings allowed beyond the shortest; ``slope`` of the model behind the band; from the bank
``structures``, level name -> puzzles.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from eqsr.instruments.scoring.quality import Limit
from eqsr.instruments.tasks import ferry_scoring
from eqsr.instruments.tasks.ferry_analysis import analyse
from eqsr.instruments.tasks.ferry_puzzle import RULE_KINDS, Puzzle, cross
from eqsr.instruments.tasks.response import Response
from eqsr.instruments.tasks.trial import Trial, TrialOutcome, chance

GOODS = ("lamp", "plant", "bell", "crate", "barrel", "kite")
LIMITS = (
    Limit("not_tried", 0.3, 0.5, True, "{value:.0%} of the puzzles were left without a crossing."),
)


def generate(seed: int, parameters: Mapping[str, Any]) -> list[Trial]:
    """One puzzle per level, each a round of its own."""
    rng = chance(seed)
    trials = []
    for number, level in enumerate(parameters["levels"], start=1):
        structure = rng.choice(parameters["structures"][level["name"]])
        puzzle = _dressed(Puzzle.from_dict(structure), rng.sample(GOODS, len(structure["goods"])))
        found = analyse(puzzle)
        trials.append(
            Trial(
                number=number,
                round=number,
                show={**puzzle.to_dict(), "budget": found.crossings + parameters["extra"]},
                key={
                    "crossings": found.crossings,
                    "solutions": found.solutions,
                    "detours": found.detours,
                    "level": level["name"],
                    "difficulty": level["difficulty"],
                    "slope": parameters["slope"],
                },
            )
        )
    return trials


def _dressed(puzzle: Puzzle, goods: Sequence[str]) -> Puzzle:
    names = dict(zip(puzzle.goods, goods, strict=True))
    rules = {
        kind: tuple((names[a], names[b]) for a, b in getattr(puzzle, kind)) for kind in RULE_KINDS
    }
    return Puzzle(tuple(sorted(goods)), puzzle.seats, **rules)


def check(trial: Trial, response: Response) -> TrialOutcome:
    """Replay the crossings under the rules; solved if all goods end up across within the budget.

    A forbidden crossing is not made but still uses up the budget, so trying out instead of planning
    is costly. Starting again puts the goods back but does not restore the budget.
    """
    puzzle = _puzzle(trial)
    state, crossings, slips = puzzle.start, 0, 0
    for move in response.response:
        after = puzzle.start if move is None else cross(puzzle, state, puzzle.bits(move))
        crossings += move is not None and after is not None
        slips += after is None
        state = after or state
    facts = {"crossings": crossings, "slips": slips}
    return TrialOutcome(
        trial.number, state == puzzle.end, response.response_ms, response.timed_out, facts
    )


def _puzzle(trial: Trial) -> Puzzle:
    return Puzzle.from_dict(trial.show)


def well_formed(trial: Trial, response: Any) -> bool:
    """Whether it is a list of loads (lists of goods) within the budget; None starts again."""
    if not isinstance(response, list) or len(response) > 3 * trial.show["budget"]:
        return False
    loads = [move for move in response if move is not None]
    goods = trial.show["goods"]
    return len(loads) <= trial.show["budget"] and all(
        isinstance(load, list) and all(one in goods for one in load) for load in loads
    )


def fastest_ms(trial: Trial) -> int:
    """Too short to tap through the shortest solution, even without thinking."""
    crossings: int = trial.key["crossings"]
    return 300 * crossings


measures = ferry_scoring.measures


def signs(trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]) -> dict[str, float]:
    """Share of puzzles skipped without a single crossing, which says nothing about planning."""
    if len(outcomes) < len(trials):
        return {}
    tried = [outcome.facts["crossings"] + outcome.facts["slips"] for outcome in outcomes.values()]
    idle = tried.count(0)
    return {"not_tried": idle / len(outcomes)}


def prove(trials: Sequence[Trial]) -> list[str]:
    """List the puzzles that can't be solved, or have several shortest solutions."""
    problems = []
    for trial in trials:
        found = analyse(_puzzle(trial))
        if found.crossings is None:
            problems.append(f"puzzle {trial.number} ({trial.key['level']}): has no solution")
        elif found.solutions != 1:
            problems.append(
                f"puzzle {trial.number} ({trial.key['level']}): has {found.solutions} shortest "
                "solutions"
            )
    return problems


def prove_bank(parameters: Mapping[str, Any]) -> list[str]:
    """List the bank's structures that do not have exactly one shortest solution."""
    problems = []
    for level, structures in parameters["structures"].items():
        for number, structure in enumerate(structures, start=1):
            found = analyse(Puzzle.from_dict(structure))
            if found.crossings is None or found.solutions != 1:
                problems.append(f"bank {level} {number}: {found.solutions} shortest solutions")
    return problems
