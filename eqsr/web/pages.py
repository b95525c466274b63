"""Set up what all pages share: template globals, headers, access checks and static files."""

from typing import Any

from flask import Flask, Response, request
from flask_babel import get_locale
from jinja2 import pass_eval_context
from jinja2.filters import do_xmlattr
from jinja2.nodes import EvalContext

from eqsr.core import formats
from eqsr.core.bidi import isolated
from eqsr.core.extensions import babel, settings
from eqsr.organisations.service import LANGUAGES
from eqsr.web import assets
from eqsr.web.access import init_access
from eqsr.web.catalogues import cache_catalogues
from eqsr.web.language_links import language_links
from eqsr.web.languages import (
    SOURCE,
    known_user,
    language_of_page,
    store_language,
    time_zone_of_page,
)
from eqsr.web.navigation import nav_items

# No inline script or style, nothing from another host, no framing.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def init_pages(app: Flask) -> None:
    """Set up languages, template filters and globals, access checks, static files and headers."""
    babel.init_app(app, locale_selector=language_of_page, timezone_selector=time_zone_of_page)
    with app.app_context():
        translated = {str(locale) for locale in babel.list_translations()} | {SOURCE}
    app.extensions["eqsr.languages"] = {
        code: name for code, name in LANGUAGES.items() if code in translated
    }
    cache_catalogues(app)
    app.jinja_env.filters.update(formats.FILTERS)
    app.jinja_env.filters["xmlattr"] = _attributes
    app.jinja_env.filters["isolated"] = isolated
    app.before_request(store_language)
    init_access(app)
    assets.init_assets(app)
    app.context_processor(_template_globals)
    app.after_request(_add_headers)


@pass_eval_context
def _attributes(context: EvalContext, attributes: dict[str, Any]) -> str:
    """Jinja's ``xmlattr`` with HTML's boolean attributes.

    True writes an empty value, and False leaves the attribute out. Jinja itself writes
    ``hidden="True"``, which is not valid HTML.
    """
    written = {name: "" if value is True else value for name, value in attributes.items()}
    return do_xmlattr(context, {k: v for k, v in written.items() if v is not False})


def _template_globals() -> dict[str, object]:
    return {
        "asset_version": assets.version(),
        "platform_name": settings.platform_name,
        "support_url": settings.support_url,
        "locale": str(get_locale() or SOURCE),
        "text_direction": formats.text_direction(),
        "time_zone": user.time_zone if (user := known_user() if request else None) else "",
        "nav_items": nav_items() if request else [],
        "language_links": language_links() if request else [],
    }


def _add_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if request.endpoint == "static":
        assets.finish(response)
    else:
        # Pages contain personal data and links with tokens, so nobody may cache them.
        response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        # Other hosts below ours may have no https, so they are included only if asked for.
        below = "; includeSubDomains" if settings.hsts_subdomains else ""
        response.headers.setdefault("Strict-Transport-Security", f"max-age=31536000{below}")
    return response
