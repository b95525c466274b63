"""Reading a failure: what broke, the timeline of that person, and the command that replays it."""

from collections import defaultdict
from collections.abc import Iterable

from simulation.coverage import Coverage
from simulation.log import Line
from simulation.oracle.judge import Finding
from simulation.plan import Plan
from simulation.play import Outcome
from simulation.product.rows import all_states
from simulation.story import tell
from simulation.transitions import OUT_OF_REACH, impossible

# Lines that concern everybody.
COMMON = ("trouble", "process", "database", "world", "error", "crash")


def command(plan: Plan, more: str = "") -> str:
    """The command that plays this plan again."""
    favour = f" --favour '{','.join(plan.favour)}'" if plan.favour else ""
    words = f"replay {plan.seed} --profile {plan.profile}{favour} {more}".rstrip()
    return f'make simulate ARGS="{words}"'


def timeline(outcome: Outcome, finding: Finding) -> list[Line]:
    """What happened to the person or customer of a finding, and what broke meanwhile.

    Of a person's customer only what it did itself, such as closing a job.
    """
    own = _about(outcome.lines, finding.needles)
    shown = {id(line) for line in own}
    theirs = {line.facts.get("company") for line in own} - {None}
    return [
        line
        for line in outcome.lines
        if id(line) in shown
        or line.kind in COMMON
        or (
            line.kind in ("act", "admin")
            and line.facts.get("company") in theirs
            and "candidate" not in line.facts
        )
    ]


def _about(lines: Iterable[Line], needles: tuple[str, ...]) -> list[Line]:
    return [
        line
        for line in lines
        if any(one in line.text or one in line.facts.values() for one in needles)
    ]


def failure(outcome: Outcome, most: int = 80) -> str:
    """A failed run, for people."""
    found = outcome.findings[0]
    lines = tell(timeline(outcome, found))
    left_out = len(lines) - most
    shown = lines if left_out <= 0 else lines[: most // 4] + lines[-(most - most // 4) :]
    text = [f"Seed {outcome.plan.seed} ({outcome.plan.profile}) breaks:"]
    text += [f"  - {one}" for one in outcome.findings[:8]]
    if len(outcome.findings) > 8:
        text.append(f"  … and {len(outcome.findings) - 8} more")
    text.append(f"What happened around the first ({len(lines)} lines of {len(outcome.lines)}):")
    text += [f"  {line}" for line in shown]
    if left_out > 0:
        text.append(f"  ({left_out} lines left out: --lines {len(lines)})")
    text.append(f"Again: {command(outcome.plan)}")
    text.append(f"Smaller: {command(outcome.plan, '--shrink')}")
    return "\n".join(text)


def table(coverage: Coverage) -> str:
    """Which faults struck, which states and transitions were seen, and which never were."""
    rows = ["Faults that struck:"]
    rows += _columns(f"{name} {number}" for name, number in sorted(coverage.faults.items()))
    rows.append("States:")
    rows += _columns(f"{n} {s} {c}" for (n, s), c in sorted(coverage.states.items()))
    rows.append("Transitions:")
    rows += _columns(f"{n} {a} → {b} {c}" for (n, a, b), c in sorted(coverage.moves.items()))
    rows.append("Decisions and other activity:")
    rows += _columns(f"{name} {number}" for name, number in sorted(coverage.decisions.items()))
    never = list(coverage.never())
    rows.append(f"Never seen: {', '.join(never) if never else 'nothing'}.")
    rows += [f"Out of reach: {n} {a} → {b}: {why}." for (n, a, b), why in OUT_OF_REACH.items()]
    cannot: dict[str, list[str]] = defaultdict(list)
    for noun, before, after in impossible(all_states()):
        cannot[noun].append(f"{before} → {after}")
    rows += [f"Cannot happen: {noun} {', '.join(ones)}." for noun, ones in cannot.items()]
    return "\n".join(rows)


def _columns(items: Iterable[str], width: int = 48) -> list[str]:
    cells = list(items)
    return [
        "  " + "".join(cell.ljust(width) for cell in cells[at : at + 2]).rstrip()
        for at in range(0, len(cells), 2)
    ]
