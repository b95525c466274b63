"""The organisation's settings page, for admins."""

from flask import flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.core.brand import brand
from eqsr.core.extensions import limiter
from eqsr.core.messages import UserError
from eqsr.organisations import contact, forms, service
from eqsr.organisations.pages import blueprint
from eqsr.organisations.service import OrganisationSettings
from eqsr.web.access import member
from eqsr.web.body_declarations import takes_file

admin = member(Role.ADMIN)
blueprint.add_app_template_global(contact.of, "contact_of")


@blueprint.get("/organisation")
@admin
def page() -> ResponseReturnValue:
    """Show the settings."""
    return _page(forms.current(current_user.organisation))


@blueprint.post("/organisation")
@admin
def change() -> ResponseReturnValue:
    """Save the settings, or show the form again with its mistakes."""
    wanted = forms.posted()
    try:
        service.change(current_user, wanted)
    except UserError as error:
        return _page(wanted, {error.field: [_(error.sentence)]}), 422
    flash(_("The settings are saved."), "success")
    return go(url_for("organisations.page"), 303)


@blueprint.post("/organisation/repeats")
@admin
def set_repeats() -> ResponseReturnValue:
    """Save what happens when somebody is invited to the same assessment for another job."""
    months = request.form.get("reuse_months", "")
    service.set_repeats(current_user, forms.whole_number(months), "hold" in request.form)
    flash(_("The settings are saved."), "success")
    return go(url_for("organisations.page"), 303)


@blueprint.post("/organisation/logo")
@takes_file
@admin
@limiter.limit("20 per minute")
def set_logo() -> ResponseReturnValue:
    """Save the uploaded logo."""
    try:
        service.set_logo(current_user, forms.uploaded())
    except UserError as error:
        shown = forms.current(current_user.organisation)
        return _page(shown, {"logo": [_(error.sentence)]}), 422
    flash(_("The logo is saved."), "success")
    return go(url_for("organisations.page"), 303)


@blueprint.post("/organisation/logo/remove")
@admin
def remove_logo() -> ResponseReturnValue:
    """Remove the logo."""
    service.remove_logo(current_user)
    flash(_("The logo is removed."), "success")
    return go(url_for("organisations.page"), 303)


def _page(shown: OrganisationSettings, errors: dict[str, list[str]] | None = None) -> str:
    """Render the settings page; ``errors`` maps a field's name to its sentences."""
    return render_template(
        "organisations/page.html",
        organisation=current_user.organisation,
        shown=shown,
        default_contact=contact.default(current_user.organisation),
        languages=list(service.LANGUAGES.items()),
        time_zones=forms.time_zones(),
        reuse_months=[(str(one), _months(one)) for one in service.REUSE_MONTHS],
        schemes=brand(current_user.organisation.accent),
        errors=errors or {},
    )


def _months(months: int) -> str:
    if months == 0:
        return _("Never")
    return ngettext("For %(num)s month", "For %(num)s months", months)
