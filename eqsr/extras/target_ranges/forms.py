"""What a person fills in about a job's fit."""

from collections.abc import Iterable, Mapping

from eqsr.extras.target_ranges.service import Key, RangeChoice, RangeWish

_NONE = -1


def wishes_of(choices: Iterable[RangeChoice], form: Mapping[str, str]) -> dict[Key, RangeWish]:
    """The scales that are ticked, with what was entered; what is no number fits no range."""
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
