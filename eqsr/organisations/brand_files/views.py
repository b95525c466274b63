"""The organisation's stylesheet and logo, for everyone."""

import uuid

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from eqsr.accounts.models import Organisation
from eqsr.core.accent import checked_accent
from eqsr.core.brand import brand
from eqsr.core.messages import NotFoundError, UserError
from eqsr.organisations import service
from eqsr.organisations.pages import blueprint
from eqsr.web.access import public

# Each address names one version of a logo or colour, so its content never changes.
CACHE_FOREVER = "public, max-age=31536000, immutable"
# Nothing in an uploaded file may run, even when its address is opened directly.
LOGO_POLICY = "default-src 'none'; sandbox"


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
