"""Pages of customers, for staff, and of an onboarding link, for a customer's admin."""

from flask import Blueprint, abort, flash, g, render_template, request, url_for
from flask import redirect as go
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts import service as accounts
from eqsr.accounts.models import Role
from eqsr.connections import checks, progress
from eqsr.connections import service as connections
from eqsr.connections.progress_view import progress_view
from eqsr.core.clock import now
from eqsr.core.extensions import limiter
from eqsr.core.messages import UserError
from eqsr.onboarding import customers as customer_list
from eqsr.onboarding import emails, last_step, service
from eqsr.onboarding.forms import CredentialsForm, CustomerForm, LinkForm
from eqsr.onboarding.models import OnboardingLink
from eqsr.onboarding.pages import link
from eqsr.smartrecruiters.scopes import SCOPES
from eqsr.teams import queries
from eqsr.web.access import by_token, member
from eqsr.web.requests import client_address

blueprint = Blueprint("onboarding", __name__)


# --- Customers ---------------------------------------------------------------------------------


@blueprint.get("/customers")
@member(Role.STAFF)
def customers() -> ResponseReturnValue:
    """List customers and how far their links got."""
    number = request.args.get("page", 1, type=int)
    return render_template(
        "onboarding/customers.html",
        page=customer_list.customers(number),
        progress=customer_list.progress,
    )


@blueprint.route("/customers/new", methods=["GET", "POST"])
@member(Role.STAFF)
def new_customer() -> ResponseReturnValue:
    """Add a customer."""
    form = CustomerForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("onboarding/new_customer.html", form=form), status
    organisation = accounts.create_organisation(form.name.data)
    flash(_("%(name)s is created. Now make the link.", name=organisation.name), "success")
    return go(url_for("onboarding.customer", slug=organisation.slug))


@blueprint.get("/customers/<slug>")
@member(Role.STAFF)
def customer(slug: str) -> ResponseReturnValue:
    """Show one customer: links, connection, people."""
    return _customer_page(slug, LinkForm(mail_now=True))


@blueprint.post("/customers/<slug>/links")
@member(Role.STAFF)
def make_link(slug: str) -> ResponseReturnValue:
    """Make an onboarding link, show it once, and email it if wanted."""
    organisation = customer_list.customer(slug)
    form = LinkForm()
    if not form.validate_on_submit():
        return _customer_page(slug, form, status=422)
    try:
        issued, url = service.issue_link(organisation.id, form.email.data, current_user.id)
    except UserError as error:
        form.email.errors = [_(error.sentence)]
        return _customer_page(slug, form, status=422)
    problem = ""
    if form.mail_now.data:
        try:
            emails.mail_link(issued, url, current_user)
        except emails.NotMailed as error:
            problem = _(error.sentence)
    return _customer_page(slug, LinkForm(formdata=None, mail_now=True), issued, url, problem)


def _customer_page(
    slug: str,
    form: LinkForm,
    made: OnboardingLink | None = None,
    url: str = "",
    problem: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """Render a customer's page; ``made`` and ``url`` are a link made just now."""
    organisation = customer_list.customer(slug)
    page = render_template(
        "onboarding/customer.html",
        organisation=organisation,
        links=service.links_of(organisation),
        connection=connections.of(organisation.id),
        users=accounts.users_of(organisation.id),
        invitations=queries.open_invitations(organisation.id),
        has_admin=last_step.has_admin(organisation.id),
        is_over=service.is_over,
        moment=now(),
        progress=customer_list.progress,
        form=form,
        made=made,
        url=url,
        problem=problem,
    )
    return page, status


# --- The link ----------------------------------------------------------------------------------


@link.get("")
@by_token
def start() -> ResponseReturnValue:
    """Open the step that this link is at."""
    service.opened(g.link)
    if g.connection and progress.running(g.connection):
        return go(url_for("onboarding.link.check"))
    if g.link.failed_at:
        return go(url_for("onboarding.link.keys"))
    if g.link.consented_at:
        return go(url_for("onboarding.link.credential"))
    return render_template("onboarding/link/welcome.html")


@link.route("/welcome", methods=["GET", "POST"])
@by_token
def welcome() -> ResponseReturnValue:
    """Explain what will happen, and record the admin's consent."""
    if request.method == "GET":
        return render_template("onboarding/link/welcome.html")
    service.consented(g.link)
    return go(url_for("onboarding.link.credential"))


@link.route("/credential", methods=["GET", "POST"])
@by_token
def credential() -> ResponseReturnValue:
    """Explain how to make a credential in SmartRecruiters."""
    if not g.link.consented_at:
        return go(url_for("onboarding.link.welcome"))
    if request.method == "POST":
        return go(url_for("onboarding.link.keys"))
    known = checks.known_company(connections.of(g.link.organisation_id))
    return render_template("onboarding/link/credential.html", scopes=SCOPES, known_company=known)


@link.route("/keys", methods=["GET", "POST"])
@by_token
@limiter.limit("20 per minute", methods=["POST"])
def keys() -> ResponseReturnValue:
    """Take the credential and start checking it."""
    if not g.link.consented_at:
        return go(url_for("onboarding.link.welcome"))
    form = CredentialsForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("onboarding/link/keys.html", form=form), status
    service.enter_credentials(
        g.link, form.client_id.data, form.client_secret.data, client_address()
    )
    return go(url_for("onboarding.link.check"))


@link.get("/check")
@by_token
def check() -> ResponseReturnValue:
    """Show how far the check got."""
    if not g.connection:
        return go(url_for("onboarding.link.keys"))
    return render_template("onboarding/link/check.html", run=progress_view(g.connection))


@link.get("/check/progress")
@by_token
def check_progress() -> ResponseReturnValue:
    """Render the part of the check page that htmx polls."""
    if not g.connection:
        abort(404)
    return render_template("onboarding/link/_progress.html", run=progress_view(g.connection))


@link.post("/check/again")
@by_token
@limiter.limit("20 per minute")
def check_again() -> ResponseReturnValue:
    """Check the latest credential again."""
    if not g.connection:
        return go(url_for("onboarding.link.keys"))
    service.try_again(g.link)
    return go(url_for("onboarding.link.check"))


@blueprint.record_once
def _allow_no_referrer(state: BlueprintSetupState) -> None:
    # A link's pages send no referrer, but Flask-WTF demands one over https. CSRF tokens and
    # SameSite=Lax cookies still protect every form.
    state.app.config["WTF_CSRF_SSL_STRICT"] = False


blueprint.register_blueprint(link)
