"""The candidate's pages: everything behind /take/<token>.

The link is the only key, and no cookie opens anything here, so there is nothing that another
site could ride on: no CSRF token. A page that stayed open overnight still sends its answers.
"""

from functools import wraps
from uuid import UUID

from flask import Blueprint, abort, jsonify, render_template, request, url_for
from flask import redirect as go
from flask_babel import get_locale
from flask_babel import gettext as _

from eqsr.access import by_token
from eqsr.assessments import forms, service
from eqsr.assessments import taking as takings
from eqsr.assessments.taking import Standing, Taking
from eqsr.elsewhere import service as elsewhere
from eqsr.extensions import csrf, limiter
from eqsr.invitations import links
from eqsr.invitations import service as invitations
from eqsr.plain import PlainError
from eqsr.platforms.models import Platform

blueprint = Blueprint("assessments", __name__, url_prefix="/take/<token>")
csrf.exempt(blueprint)

# Few enough to stay one thought, many enough that ten pages do it.
PAGE_SIZE = 5


def with_taking(view):
    """Hands the view what the link's holder may do; a link that leads nowhere ends here."""

    @by_token
    @wraps(view)
    def guarded(token: str, **kwargs):
        invitation_id = links.invitation_id(token)
        found = invitation_id and takings.taking(invitation_id, str(get_locale()))
        if not found:
            return _nowhere()
        there = elsewhere.link_for(found.invitation)
        if there:
            return _elsewhere(found, *there)
        return view(token, found, **kwargs)

    return guarded


@blueprint.get("")
@by_token
def landing(token: str):
    job_id = links.share_job_id(token)
    return _join_page(token, job_id, forms.JoinForm()) if job_id else _landing(token)


@with_taking
def _landing(token: str, taking: Taking):
    if taking.standing == Standing.FINISHED:
        return go(url_for(".done", token=token))
    if taking.standing in (Standing.EXPIRED, Standing.CANCELLED):
        return _over(taking)
    if request.method == "GET" and not _is_prefetch():
        invitations.opened(taking.invitation.id)
    return render_template("assessments/landing.html", token=token, taking=taking)


@blueprint.post("")
@by_token
@limiter.limit("30 per minute")
def join(token: str):
    job_id = links.share_job_id(token)
    if not job_id:
        return _nowhere()
    form = forms.JoinForm()
    if not form.validate_on_submit():
        return _join_page(token, job_id, form, 422)
    try:
        invitation, is_new = invitations.by_link(
            job_id, form.first_name.data, form.last_name.data, form.email.data
        )
    except PlainError as error:
        form.email.errors = [_(error.sentence)]
        return _join_page(token, job_id, form, 422)
    if is_new:
        return go(links.take_url(invitation))
    return render_template("assessments/mailed.html", email=form.email.data.strip())


@blueprint.post("/start")
@with_taking
def start(token: str, taking: Taking):
    device = request.user_agent.string
    service.start(taking.invitation.id, device=device, language=str(get_locale()))
    return go(url_for(".resume", token=token))


@blueprint.get("/questions")
@with_taking
def resume(token: str, taking: Taking):
    if taking.standing != Standing.UNDERWAY:
        return go(url_for(".landing", token=token))
    if not taking.missing:
        return go(url_for(".review", token=token))
    return go(_page_of(token, taking, taking.missing[0]))


@blueprint.get("/questions/<int:page>")
@with_taking
def questions(token: str, taking: Taking, page: int):
    if taking.standing != Standing.UNDERWAY:
        return go(url_for(".landing", token=token))
    return _questions_page(token, taking, page)


@blueprint.post("/questions/<int:page>")
@with_taking
def save_page(token: str, taking: Taking, page: int):
    if taking.standing != Standing.UNDERWAY:
        return go(url_for(".landing", token=token))
    items = _items_on(taking, page)
    service.answer(taking.sitting.id, forms.answers_of_page(items, request.form))
    if "back" in request.form:
        return go(url_for(".questions", token=token, page=max(1, page - 1)))
    taking = takings.taking(taking.invitation.id)
    if "leave_open" not in request.form and any(i.number in taking.missing for i in items):
        return _questions_page(token, taking, page, asked=True)
    if page == _pages(taking):
        return go(url_for(".review", token=token))
    return go(url_for(".questions", token=token, page=page + 1))


@blueprint.post("/answer")
@with_taking
def answer(token: str, taking: Taking):
    """One answer, as it is given. 200 {answered, total}, or {sentence} with the error's status."""
    try:
        if taking.sitting is None:
            raise service.Closed("Open your invitation's link again and press Start.")
        answered = service.answer(taking.sitting.id, forms.one_answer(request.form))
    except PlainError as error:
        return jsonify(sentence=_(error.sentence)), error.status
    return jsonify(answered=answered, total=taking.total)


@blueprint.get("/finish")
@with_taking
def review(token: str, taking: Taking):
    if taking.standing != Standing.UNDERWAY:
        return go(url_for(".landing", token=token))
    return _review_page(token, taking)


@blueprint.post("/finish")
@with_taking
def finish(token: str, taking: Taking):
    if taking.sitting is None:
        return go(url_for(".landing", token=token))
    confirmed = request.form.get("missing", type=int) or 0
    try:
        service.finish(taking.sitting.id, confirmed_missing=confirmed)
    except service.Unanswered as error:
        taking = takings.taking(taking.invitation.id)
        return _review_page(token, taking, error.status)
    except service.Closed:
        pass  # the landing page says why
    return go(url_for(".landing", token=token))


@blueprint.get("/done")
@with_taking
def done(token: str, taking: Taking):
    if taking.standing != Standing.FINISHED:
        return go(url_for(".landing", token=token))
    return render_template("assessments/done.html", token=token, taking=taking)


def _questions_page(token: str, taking: Taking, page: int, asked: bool = False):
    """``asked``: the person went on without answering all, and is asked whether they mean it."""
    items = _items_on(taking, page)
    found = render_template(
        "assessments/questions.html",
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


def _review_page(token: str, taking: Taking, status: int = 200):
    open_questions = [
        {"place": place, "url": _page_of(token, taking, number), "text": item.text}
        for number in taking.missing
        for place, item in enumerate(taking.instrument.items, start=1)
        if item.number == number
    ]
    page = render_template(
        "assessments/review.html",
        token=token,
        taking=taking,
        open_questions=open_questions,
        last_page=_pages(taking),
    )
    return page, status


def _join_page(token: str, job_id: UUID, form: forms.JoinForm, status: int = 200):
    shared = takings.shared(job_id, str(get_locale()))
    if shared is None:
        return render_template("assessments/closed.html", reason="job"), 410
    page = render_template("assessments/join.html", token=token, form=form, shared=shared)
    return page, status


def _elsewhere(taking: Taking, platform: Platform, address: str):
    """Whatever of our own pages was asked for: this one is taken at another platform."""
    if taking.standing in (Standing.EXPIRED, Standing.CANCELLED):
        return _over(taking)
    if request.method == "GET" and not _is_prefetch():
        invitations.opened(taking.invitation.id)
    return render_template(
        "elsewhere/leave.html", taking=taking, platform=platform, address=address
    )


def _over(taking: Taking):
    page = render_template(
        "assessments/closed.html",
        reason=taking.standing,
        taking=taking,
        job=taking.invitation.job,
    )
    return page, 410


def _nowhere():
    return render_template("assessments/closed.html", reason="unknown"), 404


def _items_on(taking: Taking, page: int):
    items = taking.instrument.items[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    if page < 1 or not items:
        abort(404)
    return items


def _pages(taking: Taking) -> int:
    return -(-taking.total // PAGE_SIZE)


def _page_of(token: str, taking: Taking, number: int) -> str:
    """The address of the page with that item, at that item.

    The first one of a page needs no anchor, which would scroll past what stands above it.
    """
    page, place = divmod([item.number for item in taking.instrument.items].index(number), PAGE_SIZE)
    anchor = f"q{number}" if place else None
    return url_for(".questions", token=token, page=page + 1, _anchor=anchor)


def _is_prefetch() -> bool:
    """A browser that looks ahead has not been read by anybody."""
    purpose = request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or ""
    return "prefetch" in purpose
