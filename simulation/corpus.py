"""Plans that once failed, as files: each is played again by the tests."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from simulation.plan import Person, Plan, Step, Trouble

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "simulation" / "corpus"


def save(plan: Plan, name: str, found: str, folder: Path = FOLDER) -> Path:
    """Write a plan down; ``found``: what it found, in a sentence."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"found": found, "plan": asdict(plan)}, indent=1) + "\n")
    return path


def load(path: Path) -> tuple[Plan, str]:
    """A plan, and what it once found."""
    document = json.loads(path.read_text())
    return _plan(document["plan"]), document["found"]


def names() -> list[str]:
    """All plans of the corpus."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def _plan(values: dict[str, Any]) -> Plan:
    people = tuple(Person(**one) for one in values.pop("people"))
    steps = tuple(Step(**one | {"stage": tuple(one["stage"])}) for one in values.pop("steps"))
    troubles = tuple(Trouble(**one) for one in values.pop("troubles"))
    for name in ("skews", "favour"):
        values[name] = tuple(values[name])
    return Plan(people=people, steps=steps, troubles=troubles, **values)
