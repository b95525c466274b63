"""A questionnaire of the sitting: its pages, saving answers as they are given, and finishing."""

from collections.abc import Sequence

from flask import Blueprint, abort, jsonify, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eqsr.core.extensions import csrf
from eqsr.core.messages import UserError
from eqsr.instruments.catalogue import Item
from eqsr.sittings import forms, service
from eqsr.sittings import taking as takings
from eqsr.sittings.pages import by_script, with_taking
from eqsr.sittings.standing import Standing, closed
from eqsr.sittings.taking import Taking

blueprint = Blueprint("questions", __name__, url_prefix="/take/<token>")
csrf.exempt(blueprint)

# Items per page: few enough to take in at once; fifty items make ten pages.
PAGE_SIZE = 5


@blueprint.get("/questions")
@with_taking
def resume(token: str, taking: Taking) -> ResponseReturnValue:
    """Go to the first open question, or to the review if there is none."""
    if not _is_open(taking):
        return _to_landing(token)
    if not taking.missing:
        return go(url_for(".review", token=token))
    return go(_page_of(token, taking, taking.missing[0]))


@blueprint.get("/questions/<int:page>")
@with_taking
def questions(token: str, taking: Taking, page: int) -> ResponseReturnValue:
    """Show one page of questions."""
    if not _is_open(taking):
        return _to_landing(token)
    return _questions_page(token, taking, page)


@blueprint.post("/questions/<int:page>")
@with_taking
def save_page(token: str, taking: Taking, page: int) -> ResponseReturnValue:
    """Store the page's answers and go on, back, or ask about open questions."""
    if not _is_open(taking) or taking.sitting is None:
        return _to_landing(token)
    items = _items_on(taking, page)
    service.answer(taking.sitting.id, forms.answers_of_page(items, request.form))
    if "back" in request.form:
        return go(url_for(".questions", token=token, page=max(1, page - 1)))
    taking = takings.present_taking(taking.invitation.id, taking.instrument.id)
    if "leave_open" not in request.form and any(i.number in taking.missing for i in items):
        return _questions_page(token, taking, page, asked=True)
    if page == _pages(taking):
        return go(url_for(".review", token=token))
    return go(url_for(".questions", token=token, page=page + 1))


@blueprint.post("/answer")
@with_taking
@by_script
def answer(token: str, taking: Taking) -> ResponseReturnValue:
    """Store one answer: 200 {answered, total}, or {sentence} with the error's status."""
    try:
        if taking.sitting is None:
            raise closed(Standing.READY)
        answered = service.answer(taking.sitting.id, forms.one_answer(request.form))
    except UserError as error:
        return jsonify(sentence=_(error.sentence)), error.status
    return jsonify(answered=answered, total=taking.total)


@blueprint.get("/finish")
@with_taking
def review(token: str, taking: Taking) -> ResponseReturnValue:
    """Show open questions before finishing."""
    if not _is_open(taking):
        return _to_landing(token)
    return _review_page(token, taking)


@blueprint.post("/finish")
@with_taking
def finish(token: str, taking: Taking) -> ResponseReturnValue:
    """Finish the questionnaire."""
    if not _is_open(taking) or taking.sitting is None:
        return _to_landing(token)
    confirmed = request.form.get("missing", type=int) or 0
    try:
        service.finish(taking.sitting.id, confirmed_missing=confirmed)
    except service.Unanswered as error:
        taking = takings.present_taking(taking.invitation.id, taking.instrument.id)
        return _review_page(token, taking, error.status)
    except service.Closed:
        pass  # the landing page says why
    return _to_landing(token)


def _is_open(taking: Taking) -> bool:
    return taking.standing == Standing.UNDERWAY and not taking.part.is_task


def _to_landing(token: str) -> ResponseReturnValue:
    """Redirect to the page that says what comes next, or why nothing does."""
    return go(url_for("assessments.landing", token=token))


def _questions_page(
    token: str, taking: Taking, page: int, asked: bool = False
) -> ResponseReturnValue:
    """``asked``: the candidate went on with open questions and is asked whether they mean it."""
    items = _items_on(taking, page)
    found = render_template(
        "sittings/questions.html",
        token=token,
        taking=taking,
        items=items,
        first=(page - 1) * PAGE_SIZE + 1,
        page=page,
        pages=_pages(taking),
        asked=asked,
        open_here=[item.number for item in items if item.number in taking.missing],
    )
    return found, 422 if asked else 200


def _review_page(token: str, taking: Taking, status: int = 200) -> ResponseReturnValue:
    open_questions = [
        {"place": place, "url": _page_of(token, taking, number), "text": item.text}
        for number in taking.missing
        for place, item in enumerate(taking.instrument.items, start=1)
        if item.number == number
    ]
    page = render_template(
        "sittings/review.html",
        token=token,
        taking=taking,
        open_questions=open_questions,
        last_page=_pages(taking),
    )
    return page, status


def _items_on(taking: Taking, page: int) -> Sequence[Item]:
    items = taking.instrument.items[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    if page < 1 or not items:
        abort(404)
    return items


def _pages(taking: Taking) -> int:
    return -(-taking.total // PAGE_SIZE)


def _page_of(token: str, taking: Taking, number: int) -> str:
    """The address of the page with this item, with an anchor at the item.

    The first item of a page gets no anchor, which would scroll past the text above it.
    """
    page, place = divmod([item.number for item in taking.instrument.items].index(number), PAGE_SIZE)
    anchor = f"q{number}" if place else None
    return url_for(".questions", token=token, page=page + 1, _anchor=anchor)
