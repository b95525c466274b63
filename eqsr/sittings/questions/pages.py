"""Pages of a questionnaire: which questions are on them, and where they lead."""

from collections.abc import Sequence

from flask import abort, render_template, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue

from eqsr.instruments.catalogue import Item
from eqsr.sittings.standing import Standing
from eqsr.sittings.taking import Taking

# Items per page: few enough to take in at once; fifty items make ten pages.
PAGE_SIZE = 5


def is_open(taking: Taking) -> bool:
    """Whether the part is a questionnaire that was started and still takes answers."""
    return taking.standing == Standing.UNDERWAY and not taking.part.is_task


def to_landing(token: str) -> ResponseReturnValue:
    """Redirect to the page that says what comes next, or why nothing does."""
    return go(url_for("assessments.landing", token=token))


def questions_page(
    token: str, taking: Taking, page: int, asked: bool = False
) -> ResponseReturnValue:
    """Show one page of questions; raises a 404 if there is none of this number.

    ``asked``: the candidate went on with open questions and is asked whether they mean it.
    """
    items = items_on(taking, page)
    found = render_template(
        "sittings/questions.html",
        token=token,
        taking=taking,
        items=items,
        first=(page - 1) * PAGE_SIZE + 1,
        page=page,
        pages=page_count(taking),
        asked=asked,
        open_here=[item.number for item in items if item.number in taking.missing],
    )
    return found, 422 if asked else 200


def review_page(token: str, taking: Taking, status: int = 200) -> ResponseReturnValue:
    """Show the open questions, each with its place and address, before finishing."""
    open_questions = [
        {"place": place, "url": page_of(token, taking, number), "text": item.text}
        for number in taking.missing
        for place, item in enumerate(taking.instrument.items, start=1)
        if item.number == number
    ]
    page = render_template(
        "sittings/review.html",
        token=token,
        taking=taking,
        open_questions=open_questions,
        last_page=page_count(taking),
    )
    return page, status


def items_on(taking: Taking, page: int) -> Sequence[Item]:
    """The items on this page, counted from 1. Raises a 404 if there is no such page."""
    items = taking.instrument.items[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    if page < 1 or not items:
        abort(404)
    return items


def page_count(taking: Taking) -> int:
    """How many pages the questionnaire has."""
    return -(-taking.total // PAGE_SIZE)


def page_of(token: str, taking: Taking, number: int) -> str:
    """The address of the page with this item, with an anchor at the item.

    The first item of a page gets no anchor, which would scroll past the text above it.
    """
    page, place = divmod([item.number for item in taking.instrument.items].index(number), PAGE_SIZE)
    anchor = f"q{number}" if place else None
    return url_for(".questions", token=token, page=page + 1, _anchor=anchor)
