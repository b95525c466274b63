"""The timeline of a failure as people read it: one sentence a line, repetitions counted."""

from collections.abc import Iterable

from simulation.clock import written
from simulation.log import Line

# Who acts, where a line's own words do not say so.
SUBJECTS = {
    "call": "we ask SmartRecruiters:",
    "visit": "our pages are asked:",
    "trouble": "trouble:",
    "database": "database:",
    "mail": "mail:",
    "error": "our error:",
}


def tell(lines: Iterable[Line]) -> list[str]:
    """The lines as sentences; what is repeated directly after itself is one, with its number."""
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _same(groups[-1][-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_sentence(group) for group in groups]


def _same(one: Line, other: Line) -> bool:
    return (one.kind, one.text) == (other.kind, other.text)


def _sentence(group: list[Line]) -> str:
    first, last = group[0], group[-1]
    words = " ".join(filter(None, (SUBJECTS.get(first.kind, ""), first.text)))
    where = "" if first.who in ("world", "-") or len(group) > 1 else f" [{first.who}]"
    often = f" ({len(group)} times until {written(last.at)})" if len(group) > 1 else ""
    return f"{written(first.at)}  {words}{where}{often}"
