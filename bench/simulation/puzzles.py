"""Checks the puzzles, and shows their difficulty according to the full search."""

from statistics import mean

from eqsr.instruments import catalogue, tasks
from eqsr.instruments.tasks.ferry_analysis import analyse
from eqsr.instruments.tasks.ferry_puzzle import Puzzle
from eqsr.instruments.tasks.matrix_rules import ATTRIBUTES, conclusions

SEEDS = 60


def ferry_table() -> list[str]:
    """Return one line per level of the bank, in the order in which people meet them."""
    instrument = catalogue.instrument("ferry")
    lines = [
        f"{'level':8}{'structures':>11}{'solvable':>10}{'unique':>8}{'crossings':>11}"
        f"{'back':>6}{'choices':>9}{'states':>8}{'difficulty':>12}"
    ]
    for level in instrument.parameters["levels"]:
        bank = instrument.parameters["structures"][level["name"]]
        found = [analyse(Puzzle.from_dict(structure)) for structure in bank]
        lines.append(
            f"{level['name']:8}{len(bank):>11}"
            f"{sum(f.crossings is not None for f in found):>10}"
            f"{sum(f.solutions == 1 for f in found):>8}"
            f"{mean(f.crossings for f in found):>11.0f}{mean(f.detours for f in found):>6.0f}"
            f"{mean(f.branching for f in found):>9.1f}{mean(f.states for f in found):>8.0f}"
            f"{level['difficulty']:>12.1f}"
        )
    return lines


def matrix_table() -> list[str]:
    """Return one line per level: rules, and the number of items with a proven unique answer."""
    instrument = catalogue.instrument("matrix")
    forms = [tasks.generate(instrument, seed) for seed in range(SEEDS)]
    lines = [f"{'level':>5}  {'rules':34}{'items':>7}{'unique':>8}{'difficulty':>12}"]
    for number, level in enumerate(instrument.parameters["levels"]):
        items = [form[number] for form in forms]
        lines.append(
            f"{number + 1:>5}  {', '.join(level['rules']):34}{len(items):>7}"
            f"{sum(_unique(item) for item in items):>8}{level['difficulty']:>12.1f}"
        )
    return lines


def _unique(item: tasks.Trial) -> bool:
    answer = item.show["options"][item.key["answer"]]
    cells = {name: [cell[name] for cell in item.show["cells"]] + [None] for name in ATTRIBUTES}
    led = {
        name: conclusions(ATTRIBUTES[name], [values[:3], values[3:6], values[6:]])
        for name, values in cells.items()
    }
    return led == {name: {answer[name]} for name in ATTRIBUTES}
