"""The last step of an onboarding link: make an account, log in, or leave it to the admin."""

from flask import flash, g, render_template, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eqsr.accounts import authentication
from eqsr.accounts.forms import LoginForm
from eqsr.accounts.models import User
from eqsr.accounts.pages import device_cookie, log_in
from eqsr.accounts.passwords import WeakPassword
from eqsr.connections import progress
from eqsr.core.extensions import limiter
from eqsr.core.messages import UserError
from eqsr.onboarding import last_step, link_validity
from eqsr.onboarding.pages import link
from eqsr.teams.forms import JoinTeamForm
from eqsr.web.access import by_token
from eqsr.web.requests import client_address


@link.get("/done")
@by_token
def done() -> ResponseReturnValue:
    """Offer the forms of the last step."""
    return _done_page(JoinTeamForm(), LoginForm(formdata=None, data={"email": g.link.admin_email}))


@link.get("/account")
@link.get("/join")
@link.get("/leave")
@by_token
def reopened() -> ResponseReturnValue:
    """Redirect a GET of a form's address, as phones send when they restore a page."""
    return go(url_for("onboarding.link.done"))


@link.post("/account")
@by_token
@limiter.limit("30 per hour")
def make_account() -> ResponseReturnValue:
    """Create the first admin's account."""
    form = JoinTeamForm()
    login = LoginForm(formdata=None, data={"email": g.link.admin_email})
    if not form.validate_on_submit():
        return _done_page(form, login, status=422)
    try:
        name = " ".join(form.name.data.split())
        user = last_step.make_account(g.link, name, form.new.data, client_address())
    except WeakPassword as weak:
        form.new.errors = [_(weak.sentence)]
        return _done_page(form, login, status=422)
    except UserError as error:
        return _done_page(form, login, _(error.sentence), 422)
    return _welcome(user)


@link.post("/join")
@by_token
@limiter.limit("5 per minute", deduct_when=lambda response: response.status_code != 303)
def join() -> ResponseReturnValue:
    """Log the first admin in to an account that exists."""
    form = LoginForm()
    if not form.validate_on_submit():
        return _done_page(JoinTeamForm(formdata=None), form, status=422)
    user = authentication.authenticate(
        form.email.data, form.password.data, client_address(), device_cookie()
    )
    if user is None:
        sentence = _("This e-mail address and password do not match. Check both and try again.")
        form.password.errors = [sentence]
        return _done_page(JoinTeamForm(formdata=None), form, status=401)
    try:
        user = last_step.join_with(g.link, user, client_address())
    except UserError as error:
        form.email.errors = [_(error.sentence)]
        return _done_page(JoinTeamForm(formdata=None), form, status=422)
    return _welcome(user)


@link.post("/leave")
@by_token
@limiter.limit("30 per hour")
def leave() -> ResponseReturnValue:
    """Email the last step to the link's address, because somebody else connected."""
    try:
        last_step.leave_to_owner(g.link, client_address())
    except UserError as error:
        return _done_page(
            JoinTeamForm(formdata=None), LoginForm(formdata=None), _(error.sentence), 422
        )
    return render_template("onboarding/link/left.html")


def _done_page(
    form: JoinTeamForm, login: LoginForm, problem: str = "", status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "onboarding/link/done.html",
        form=form,
        login=login,
        problem=problem,
        state=last_step.state(g.link),
        jobs=progress.jobs(g.connection) if g.connection else None,
        until=g.link.connected_at + link_validity.LAST_STEP,
    )
    return page, status


def _welcome(user: User) -> ResponseReturnValue:
    log_in(user)
    name = user.organisation.name
    flash(_("Welcome! %(name)s is connected. Now create your first job.", name=name), "success")
    return go(url_for("jobs.overview"), 303)
