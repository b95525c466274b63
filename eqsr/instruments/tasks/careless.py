"""Whether a task was played carefully enough for its result to be interpreted.

The limits are our own judgement, set so that an attentive player practically never reaches one.
They make a result "not interpretable"; they never make a score low.
"""

from collections.abc import Mapping, Sequence

from eqsr.core.messages import N_
from eqsr.instruments.scoring.quality import Limit, Quality, judged
from eqsr.instruments.tasks.engines import Engine, skipped
from eqsr.instruments.tasks.response import Response
from eqsr.instruments.tasks.trial import Trial
from eqsr.instruments.tasks.validating import Validation

LIMITS = (
    Limit("answered", 0.999, 0.8, False, N_("Only {value:.0%} of the task was played.")),
    Limit("too_fast", 0.1, 0.3, True, "{value:.0%} of the answers came faster than one can think."),
    Limit("timed_out", 0.2, 0.4, True, N_("At {value:.0%} of the trials the time ran out.")),
    Limit("focus_lost", 0.1, 0.3, True, N_("The page was left during {value:.0%} of the trials.")),
    Limit("impossible_times", 0.0001, 0.05, True, "{value:.0%} of the times cannot be."),
    Limit("refused", 1, 3, True, "{value:.0f} answers were sent that do not belong to the task."),
)


def judge(engine: Engine, trials: Sequence[Trial], validation: Validation) -> Quality:
    """Judge how the task was played by ``LIMITS`` and the engine's own."""
    limits = (*LIMITS, *getattr(engine, "LIMITS", ()))
    return judged(_measures(engine, trials, validation), limits)


def _measures(engine: Engine, trials: Sequence[Trial], validation: Validation) -> dict[str, float]:
    accepted, outcomes = validation.accepted, validation.outcomes
    skip = skipped(engine, trials, outcomes)
    given = [trial for trial in trials if trial.number not in skip]
    # An answer for another round is as often a misplaced retry as tampering, so it is not counted.
    refused = [refusal for refusal in validation.refused if refusal.code != "not_due"]
    measures = {
        "answered": len(accepted) / len(given) if given else 0.0,
        "refused": float(len(refused)),
    }
    if accepted:
        times = [(trial, _time(validation, trial)) for trial in given]
        timed = [(trial, time) for trial, time in times if time is not None]
        fast = [trial for trial, time in timed if time < engine.fastest_ms(trial)]
        measures |= {
            "too_fast": len(fast) / len(timed) if timed else 0.0,
            "timed_out": sum(r.timed_out for r in accepted.values()) / len(accepted),
            "focus_lost": len(_left(given, accepted)) / len(accepted),
            "impossible_times": len(validation.impossible) / len(accepted),
        }
    signs = getattr(engine, "signs", None)
    return measures | (signs(trials, outcomes) if signs else {})


def _left(trials: Sequence[Trial], accepted: Mapping[int, Response]) -> set[int]:
    """Numbers of the trials during which the page lost focus or was reloaded.

    Reloading shows the trial again from its beginning. Pausing between rounds is allowed.
    """
    left: set[int] = set()
    loads: dict[int, str] = {}
    for trial in trials:
        response = accepted.get(trial.number)
        if response is None:
            continue
        if response.focus_lost or loads.get(trial.round, response.load) != response.load:
            left.add(trial.number)
        loads[trial.round] = response.load
    return left


def _time(validation: Validation, trial: Trial) -> float | None:
    """Milliseconds that the answer took; None without an answer."""
    response = validation.accepted.get(trial.number)
    if response is None or response.timed_out:
        return None
    return validation.outcomes[trial.number].response_ms
