"""Matrix, a task about finding rules: choose the figure that completes a 3 x 3 pattern.

Items are made by rules (matrix_rules), as in Carpenter, Just & Shell 1990: each attribute in play
follows one rule along the rows. The eight options are all combinations of three attributes each
being right or wrong, so that every value occurs four times and the options alone give nothing
away (the balanced answer sets of Hu et al. 2021, AAAI 35, 1567-1574).

Parameters: ``levels``, each with ``rules`` and ``difficulty`` (logits, by design); ``per_round``;
``limit_ms``; ``slope`` of the model behind the band.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from eqsr.instruments.scoring.number_right import number_right_band
from eqsr.instruments.tasks import matrix_items
from eqsr.instruments.tasks.matrix_items import OPTIONS
from eqsr.instruments.tasks.matrix_rules import ATTRIBUTES, conclusions
from eqsr.instruments.tasks.response import Response
from eqsr.instruments.tasks.trial import Measure, Trial, TrialOutcome

generate = matrix_items.generate


def check(trial: Trial, response: Response) -> TrialOutcome:
    """Right is the one option that follows from all rules; no choice in time is wrong."""
    right = not response.timed_out and response.response == trial.key["answer"]
    return TrialOutcome(trial.number, right, response.response_ms, response.timed_out)


def well_formed(trial: Trial, response: Any) -> bool:
    """Whether it is the place of an option, from 0; or None, if the time ran out."""
    number = isinstance(response, int) and not isinstance(response, bool)
    return response is None or (number and 0 <= response < OPTIONS)


def fastest_ms(trial: Trial) -> int:
    """Too short to look at eight cells and eight options."""
    return 1500


def measures(trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]) -> list[Measure]:
    """The number right, with the band of its true score."""
    answered = sum(trial.number in outcomes for trial in trials)
    if answered < len(trials):
        return [Measure("right", None, None, None, answered, len(trials))]
    right = [int(bool(outcomes[trial.number].correct)) for trial in trials]
    difficulties = [trial.key["difficulty"] for trial in trials]
    low, high = number_right_band(sum(right), difficulties, 1 / OPTIONS, trials[0].key["slope"])
    halves = (float(sum(right[::2])), float(sum(right[1::2])))
    return [Measure("right", float(sum(right)), low, high, answered, len(trials), halves)]


def prove(trials: Sequence[Trial]) -> list[str]:
    """List the items whose eight cells do not lead to exactly one of their options."""
    problems = []
    for trial in trials:
        answer, options = trial.show["options"][trial.key["answer"]], trial.show["options"]
        for name, attribute in ATTRIBUTES.items():
            cells = [cell[name] for cell in trial.show["cells"]] + [None]
            if conclusions(attribute, [cells[:3], cells[3:6], cells[6:]]) != {answer[name]}:
                problems.append(f"item {trial.number}: {name} does not lead to the answer alone")
        if sum(option == answer for option in options) != 1 or len(options) != OPTIONS:
            problems.append(f"item {trial.number}: the answer is not one of eight options, once")
    return problems
