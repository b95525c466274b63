"""Tell people who find a weakness whom to tell (RFC 9116)."""

from datetime import timedelta

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from eqsr.core.clock import now
from eqsr.core.extensions import settings
from eqsr.web.access import public

blueprint = Blueprint("security_txt", __name__)

PATH = "/.well-known/security.txt"
# Programs that keep a copy ask again after this; RFC 9116 advises less than a year.
GOOD_FOR = timedelta(days=90)


@blueprint.get(PATH)
@public
def contact() -> ResponseReturnValue:
    """Name SECURITY_CONTACT, or SUPPORT_URL; 404 if neither is set."""
    if not settings.security_contact:
        abort(404)
    expires = (now() + GOOD_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.security_contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Canonical: {settings.public_url}{PATH}",
    ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
