"""The form of a job's target ranges."""

from collections.abc import Iterable, Mapping

from eqsr.extras.target_ranges.service import Key, RangeChoice, RangeWish

_NONE = -1


def wishes_of(choices: Iterable[RangeChoice], form: Mapping[str, str]) -> dict[Key, RangeWish]:
    """The ticked scales with their entries. An end that is not a number becomes -1, which is
    outside every range."""
    return {
        choice.key: RangeWish(
            _number(form.get(f"least-{choice.name}")),
            _number(form.get(f"most-{choice.name}")),
            " ".join(form.get(f"reason-{choice.name}", "").replace("\x00", "").split()),
        )
        for choice in choices
        if choice.rangeable and form.get(f"matters-{choice.name}")
    }


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 3 else _NONE
