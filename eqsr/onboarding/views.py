"""Pages of customers, for staff."""

from flask import Blueprint, flash, render_template, request, url_for
from flask import redirect as go
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts import organisations
from eqsr.accounts import service as accounts
from eqsr.accounts.models import Role
from eqsr.connections import service as connections
from eqsr.core.clock import now
from eqsr.core.columns import new_id
from eqsr.core.messages import UserError
from eqsr.onboarding import customer_progress, emails, last_step, link_validity, service
from eqsr.onboarding import customers as customer_list
from eqsr.onboarding.forms import CustomerForm, LinkForm
from eqsr.onboarding.models import OnboardingLink
from eqsr.onboarding.pages import link
from eqsr.teams import queries
from eqsr.web.access import member
from eqsr.web.step_up import asks_password

blueprint = Blueprint("onboarding", __name__)


@blueprint.get("/customers")
@member(Role.STAFF)
def customers() -> ResponseReturnValue:
    """List customers and how far their links got."""
    number = request.args.get("page", 1, type=int)
    return render_template(
        "onboarding/customers.html",
        page=customer_list.customers(number),
        progress=customer_progress.progress,
    )


@blueprint.route("/customers/new", methods=["GET", "POST"])
@member(Role.STAFF)
def new_customer() -> ResponseReturnValue:
    """Add a customer."""
    form = CustomerForm()
    form.id.data = form.id.data or str(new_id())
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("onboarding/new_customer.html", form=form), status
    organisation = organisations.create_organisation(
        form.name.data, form.organisation_id, current_user
    )
    flash(_("%(name)s is created. Now make the link.", name=organisation.name), "success")
    return go(url_for("onboarding.customer", slug=organisation.slug))


@blueprint.get("/customers/<slug>")
@member(Role.STAFF)
def customer(slug: str) -> ResponseReturnValue:
    """Show one customer: links, connection, people."""
    return _customer_page(slug, LinkForm(mail_now=True))


@blueprint.post("/customers/<slug>/links")
@member(Role.STAFF)
@asks_password()
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
        is_over=link_validity.is_over,
        moment=now(),
        progress=customer_progress.progress,
        form=form,
        made=made,
        url=url,
        problem=problem,
    )
    return page, status


@blueprint.record_once
def _allow_no_referrer(state: BlueprintSetupState) -> None:
    # A link's pages send no referrer, but Flask-WTF demands one over https. CSRF tokens and
    # SameSite=Lax cookies still protect every form.
    state.app.config["WTF_CSRF_SSL_STRICT"] = False


blueprint.register_blueprint(link)
