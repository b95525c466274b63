"""Reading what a candidate sends: name and address on an open link, extra time, and answers."""

from collections.abc import Iterable, Mapping

from eqsr.core.messages import UserError
from eqsr.instruments.catalogue import Item
from eqsr.instruments.scoring import ItemResponse


def one_answer(form: Mapping[str, str]) -> dict[int, ItemResponse]:
    """Read one answer (item number -> answer), as a script sends it.

    Raises UserError if the item or the value is not a number.
    """
    item = _number(form.get("item"))
    return {item: ItemResponse(_number(form.get("value")), _milliseconds(form.get("response_ms")))}


def answers_of_page(items: Iterable[Item], form: Mapping[str, str]) -> dict[int, ItemResponse]:
    """Read the answers that were given or changed on one page of questions.

    ``was-…`` is the answer that the page showed at first. An unchanged answer is left out, so that
    an old page does not overwrite newer answers from another device.
    """
    given = {}
    for item in items:
        value = form.get(f"item-{item.number}")
        if value and value != form.get(f"was-{item.number}"):
            milliseconds = _milliseconds(form.get(f"ms-{item.number}"))
            given[item.number] = ItemResponse(_number(value), milliseconds)
    return given


def time_factor(form: Mapping[str, str]) -> float | None:
    """Read the factor for extra time; None if the page did not ask. Raises UserError."""
    text = form.get("time_factor")
    try:
        return float(text) if text else None
    except ValueError:
        raise UserError("Choose how much time you need from the list.") from None


def _number(text: str | None) -> int:
    text = text or ""
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise UserError("That answer was not understood. Reload the page and try again.")
    return int(text)


def _milliseconds(text: str | None) -> int | None:
    # An unusable time becomes None, so that the answer is not lost.
    text = (text or "").partition(".")[0]
    usable = text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if usable else None
