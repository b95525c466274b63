"""The form of a job's target ranges."""

from collections.abc import Iterable, Mapping

from eqsr.extras.target_ranges.choices import Key, RangeChoice
from eqsr.extras.target_ranges.entries import RangeEntry

_NONE = -1


def entries_of(choices: Iterable[RangeChoice], form: Mapping[str, str]) -> dict[Key, RangeEntry]:
    """The ticked scales with their entries. An end that is not a number becomes -1, which is
    outside every range."""
    return {
        choice.key: RangeEntry(
            _number(form.get(f"least-{choice.name}")),
            _number(form.get(f"most-{choice.name}")),
            " ".join(form.get(f"reason-{choice.name}", "").replace("\x00", "").split()),
        )
        for choice in choices
        if choice.rangeable and form.get(f"matters-{choice.name}")
    }


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 3 else _NONE
