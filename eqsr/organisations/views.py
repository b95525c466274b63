"""The organisation's own page, for its admins; its looks, for everybody who gets its pages."""

import uuid

from flask import Blueprint, Response, flash, render_template, url_for
from flask import redirect as go
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

# An address names one version of a picture or colour for ever.
IMMUTABLE = "public, max-age=31536000, immutable"
# A picture is nothing but a picture, also where somebody opens it by itself.
NOTHING_MORE = "default-src 'none'; sandbox"

blueprint = Blueprint("organisations", __name__)
admin = member(Role.ADMIN)
blueprint.add_app_template_global(contact.of, "contact_of")


@blueprint.app_template_global()
def brand_links(organisation: Organisation) -> dict[str, str]:
    """The addresses of an organisation's stylesheet and logo, each empty where it has none."""
    sheet = logo = ""
    if organisation.accent:
        colour = organisation.accent.removeprefix("#")
        sheet = url_for("organisations.stylesheet", colour=colour)
    if organisation.logo_version:
        facts = {"organisation_id": organisation.id, "version": organisation.logo_version}
        logo = url_for("organisations.logo", **facts)
    return {"sheet": sheet, "logo": logo}


@blueprint.get("/organisation")
@admin
def page():
    return _page(forms.current(current_user.organisation))


@blueprint.post("/organisation")
@admin
def change():
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
def set_logo():
    try:
        service.set_logo(current_user, forms.uploaded())
    except UserError as error:
        shown = forms.current(current_user.organisation)
        return _page(shown, {"logo": [_(error.sentence)]}), 422
    flash(_("The logo is saved."), "success")
    return go(url_for("organisations.page"), 303)


@blueprint.post("/organisation/logo/remove")
@admin
def remove_logo():
    service.remove_logo(current_user)
    flash(_("The logo is removed."), "success")
    return go(url_for("organisations.page"), 303)


@blueprint.get("/organisations/<uuid:organisation_id>/logo-<version>.png")
@public
def logo(organisation_id: uuid.UUID, version: str):
    picture = service.logo_of(organisation_id, version)
    if picture is None:
        raise NotFoundError
    headers = {"Cache-Control": IMMUTABLE, "Content-Security-Policy": NOTHING_MORE}
    return Response(picture, mimetype="image/png", headers=headers)


@blueprint.get("/organisations/accent-<colour>.css")
@public
def stylesheet(colour: str):
    try:
        accent = checked_accent(colour)
    except UserError:
        raise NotFoundError from None
    headers = {"Cache-Control": IMMUTABLE}
    return Response(brand(accent).stylesheet, mimetype="text/css", headers=headers)


def _page(shown: OrganisationSettings, errors: dict[str, list[str]] | None = None) -> str:
    """``errors``: sentences by the name of their field."""
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
