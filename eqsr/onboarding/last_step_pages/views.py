"""What every page of an onboarding link has, and its last step: the first admin's account."""

from flask import Blueprint, flash, g, render_template, request, url_for
from flask import redirect as go
from flask_babel import gettext as _

from eqsr.accounts import service as accounts
from eqsr.accounts.forms import LoginForm
from eqsr.accounts.models import User
from eqsr.accounts.passwords import WeakPassword
from eqsr.accounts.views import let_in
from eqsr.connections import progress
from eqsr.core.extensions import limiter
from eqsr.core.messages import UserError
from eqsr.onboarding import last_step, service
from eqsr.teams.forms import JoinTeamForm
from eqsr.web.access import by_token

link = Blueprint("link", __name__, url_prefix="/onboarding/<token>")


@link.url_value_preprocessor
def _take_token(_endpoint, values):
    g.token = values.pop("token")


@link.url_defaults
def _give_token(_endpoint, values):
    values.setdefault("token", g.get("token"))


# What a link that has connected still serves for; nothing else of it can be opened or sent.
LAST_STEP = {"done", "make_account", "join", "leave"}
AFTERWARDS = {"check", "check_progress"} | LAST_STEP


@link.before_request
def _find_link():
    try:
        g.link = service.find_by_token(g.token)
    except service.InvalidLink as dead:
        return _dead_page(dead)
    g.connection = service.connection_of(g.link)
    step = request.endpoint.rsplit(".", 1)[1]
    if g.link.connected_at and step not in AFTERWARDS:
        if request.method == "POST":
            return _dead_page(service.InvalidLink("used", g.link.organisation_id))
        return go(url_for("onboarding.link.done"))
    if not g.link.connected_at and step in LAST_STEP:
        return go(url_for("onboarding.link.start"))
    return None


@link.errorhandler(service.InvalidLink)
def _dead_page(dead: service.InvalidLink):
    if dead.reason == "early":
        return go(url_for("onboarding.link.start"))
    has_admin = last_step.has_admin(dead.organisation_id)
    page = render_template("onboarding/link/dead.html", reason=dead.reason, has_admin=has_admin)
    return page, dead.status


@link.after_request
def _keep_the_token_here(response):
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


@link.context_processor
def _link_facts():
    if "link" not in g:
        return {}
    return {
        "link": g.link,
        "connection": g.get("connection"),
        "organisation": g.link.organisation,
        "check_url": url_for("onboarding.link.check"),
        "progress_url": url_for("onboarding.link.check_progress"),
        "again_url": url_for("onboarding.link.check_again"),
        "keys_url": url_for("onboarding.link.keys"),
        "steps_url": url_for("onboarding.link.credential"),
        "done_url": url_for("onboarding.link.done"),
        "done_label": _("Continue"),
        "stages": [_("Welcome"), _("Make the credential"), _("Enter it"), _("Check"), _("Done")],
    }


@link.get("/done")
@by_token
def done():
    return _done_page(JoinTeamForm(), LoginForm(formdata=None, data={"email": g.link.admin_email}))


@link.post("/account")
@by_token
@limiter.limit("30 per hour")
def make_account():
    """The first admin chooses a password."""
    form = JoinTeamForm()
    login = LoginForm(formdata=None, data={"email": g.link.admin_email})
    if not form.validate_on_submit():
        return _done_page(form, login, status=422)
    try:
        name = " ".join(form.name.data.split())
        user = last_step.make_account(g.link, name, form.new.data, _address())
    except WeakPassword as weak:
        form.new.errors = [_(weak.sentence)]
        return _done_page(form, login, status=422)
    except UserError as error:
        return _done_page(form, login, _(error.sentence), 422)
    return _welcome(user)


@link.post("/join")
@by_token
@limiter.limit("5 per minute", deduct_when=lambda response: response.status_code != 303)
def join():
    """The first admin logs in with an account that they have."""
    form = LoginForm()
    if not form.validate_on_submit():
        return _done_page(JoinTeamForm(formdata=None), form, status=422)
    user = accounts.authenticate(form.email.data, form.password.data, _address())
    if user is None:
        sentence = _("This e-mail address and password do not match. Check both and try again.")
        return _done_page(JoinTeamForm(formdata=None), form, sentence, 401)
    try:
        user = last_step.join_with(g.link, user, _address())
    except UserError as error:
        return _done_page(JoinTeamForm(formdata=None), form, _(error.sentence), 422)
    return _welcome(user)


@link.post("/leave")
@by_token
@limiter.limit("30 per hour")
def leave():
    """Somebody else connected: the last step goes to the address that the link was made for."""
    try:
        last_step.leave_to_owner(g.link, _address())
    except UserError as error:
        return _done_page(
            JoinTeamForm(formdata=None), LoginForm(formdata=None), _(error.sentence), 422
        )
    return render_template("onboarding/link/left.html")


def _done_page(form: JoinTeamForm, login: LoginForm, problem: str = "", status: int = 200):
    page = render_template(
        "onboarding/link/done.html",
        form=form,
        login=login,
        problem=problem,
        state=last_step.state(g.link),
        jobs=progress.jobs(g.connection) if g.connection else None,
        until=g.link.connected_at + service.LAST_STEP,
    )
    return page, status


def _welcome(user: User):
    let_in(user)
    name = user.organisation.name
    flash(_("Welcome! %(name)s is connected. Now create your first job.", name=name), "success")
    return go(url_for("jobs.overview"), 303)


def _address() -> str:
    return request.remote_addr or ""
