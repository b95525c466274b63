"""A questionnaire of the sitting: its pages, saving answers as they are given, and finishing."""

from flask import Blueprint, jsonify, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eqsr.core.extensions import csrf
from eqsr.core.messages import UserError
from eqsr.sittings import answering, current_taking, finishing, forms
from eqsr.sittings.pages import by_script, with_taking
from eqsr.sittings.questions.pages import (
    is_open,
    items_on,
    page_count,
    page_of,
    questions_page,
    review_page,
    to_landing,
)
from eqsr.sittings.standing import Closed, Standing, closed
from eqsr.sittings.taking import Taking

blueprint = Blueprint("questions", __name__, url_prefix="/take/<token>")
csrf.exempt(blueprint)


@blueprint.get("/questions")
@with_taking
def resume(token: str, taking: Taking) -> ResponseReturnValue:
    """Go to the first open question, or to the review if there is none."""
    if not is_open(taking):
        return to_landing(token)
    if not taking.missing:
        return go(url_for(".review", token=token))
    return go(page_of(token, taking, taking.missing[0]))


@blueprint.get("/questions/<int:page>")
@with_taking
def questions(token: str, taking: Taking, page: int) -> ResponseReturnValue:
    """Show one page of questions."""
    if not is_open(taking):
        return to_landing(token)
    return questions_page(token, taking, page)


@blueprint.post("/questions/<int:page>")
@with_taking
def save_page(token: str, taking: Taking, page: int) -> ResponseReturnValue:
    """Store the page's answers and go on, back, or ask about open questions."""
    if not is_open(taking) or taking.sitting is None:
        return to_landing(token)
    items = items_on(taking, page)
    answering.answer(taking.sitting.id, forms.answers_of_page(items, request.form))
    if "back" in request.form:
        return go(url_for(".questions", token=token, page=max(1, page - 1)))
    taking = current_taking.present_taking(taking.invitation.id, taking.instrument.id)
    if "leave_open" not in request.form and any(i.number in taking.missing for i in items):
        return questions_page(token, taking, page, asked=True)
    if page == page_count(taking):
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
        answered = answering.answer(taking.sitting.id, forms.one_answer(request.form))
    except UserError as error:
        return jsonify(sentence=_(error.sentence)), error.status
    return jsonify(answered=answered, total=taking.total)


@blueprint.get("/finish")
@with_taking
def review(token: str, taking: Taking) -> ResponseReturnValue:
    """Show open questions before finishing."""
    if not is_open(taking):
        return to_landing(token)
    return review_page(token, taking)


@blueprint.post("/finish")
@with_taking
def finish(token: str, taking: Taking) -> ResponseReturnValue:
    """Finish the questionnaire."""
    if not is_open(taking) or taking.sitting is None:
        return to_landing(token)
    confirmed = request.form.get("missing", type=int) or 0
    try:
        finishing.finish(taking.sitting.id, confirmed_missing=confirmed)
    except finishing.Unanswered as error:
        taking = current_taking.present_taking(taking.invitation.id, taking.instrument.id)
        return review_page(token, taking, error.status)
    except Closed:
        pass  # the landing page says why
    return to_landing(token)
