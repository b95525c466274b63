"""What a person fills in about a job's fit."""

from collections.abc import Iterable, Mapping

from eqsr.extras.target_ranges.service import Choice, Key, Wish

_NONE = -1


def wishes_of(choices: Iterable[Choice], form: Mapping[str, str]) -> dict[Key, Wish]:
    """The scales that are ticked, with what was entered; what is no number fits no range."""
    return {
        choice.key: Wish(
            _number(form.get(f"least-{choice.name}")),
            _number(form.get(f"most-{choice.name}")),
            " ".join(form.get(f"reason-{choice.name}", "").replace("\x00", "").split()),
        )
        for choice in choices
        if choice.rangeable and form.get(f"matters-{choice.name}")
    }


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 3 else _NONE
