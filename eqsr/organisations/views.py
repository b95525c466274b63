"""The organisation's settings page, for admins; its stylesheet and logo, for everyone."""

import uuid

from flask import Blueprint, Response, flash, render_template, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Organisation, Role
from eqsr.core.brand import brand, checked_accent
from eqsr.core.extensions import limiter
from eqsr.core.messages import NotFoundError, UserError
from eqsr.organisations import contact, forms, service
from eqsr.organisations.service import OrganisationSettings
from eqsr.web.access import member, public
from eqsr.web.bodies import takes_file

# Each address names one version of a logo or colour, so its content never changes.
CACHE_FOREVER = "public, max-age=31536000, immutable"
# Nothing in an uploaded file may run, even when its address is opened directly.
LOGO_POLICY = "default-src 'none'; sandbox"

blueprint = Blueprint("organisations", __name__)
admin = member(Role.ADMIN)
blueprint.add_app_template_global(contact.of, "contact_of")


@blueprint.app_template_global()
def brand_links(organisation: Organisation) -> dict[str, str]:
    """Return the addresses of the organisation's stylesheet and logo, '' for one it lacks."""
    sheet = logo = ""
    if organisation.accent:
        colour = organisation.accent.removeprefix("#")
        sheet = url_for("organisations.stylesheet", colour=colour)
    if organisation.logo_version:
        logo = url_for(
            "organisations.logo",
            organisation_id=organisation.id,
            version=organisation.logo_version,
        )
    return {"sheet": sheet, "logo": logo}


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


@blueprint.get("/organisations/<uuid:organisation_id>/logo-<version>.png")
@public
def logo(organisation_id: uuid.UUID, version: str) -> ResponseReturnValue:
    """Serve one version of an organisation's logo."""
    picture = service.logo_of(organisation_id, version)
    if picture is None:
        raise NotFoundError
    headers = {"Cache-Control": CACHE_FOREVER, "Content-Security-Policy": LOGO_POLICY}
    return Response(picture, mimetype="image/png", headers=headers)


@blueprint.get("/organisations/accent-<colour>.css")
@public
def stylesheet(colour: str) -> ResponseReturnValue:
    """Serve the colours derived from an accent colour ("rrggbb")."""
    try:
        accent = checked_accent(colour)
    except UserError:
        raise NotFoundError from None
    headers = {"Cache-Control": CACHE_FOREVER}
    return Response(brand(accent).stylesheet, mimetype="text/css", headers=headers)


def _page(shown: OrganisationSettings, errors: dict[str, list[str]] | None = None) -> str:
    """Render the settings page; ``errors`` maps a field's name to its sentences."""
    return render_template(
        "organisations/page.html",
        organisation=current_user.organisation,
        shown=shown,
        default_contact=contact.default(current_user.organisation),
        languages=list(service.LANGUAGES.items()),
        time_zones=forms.time_zones(),
        schemes=brand(current_user.organisation.accent),
        errors=errors or {},
    )
