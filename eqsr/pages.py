"""What every page has: language, headers, navigation."""

from flask import Flask, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.access import init_access
from eqsr.accounts.models import Role
from eqsr.extensions import babel, settings

LANGUAGES = ("en",)

# No inline script or style, nothing from another host, no framing.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def init_pages(app: Flask) -> None:
    babel.init_app(app, locale_selector=_language)
    init_access(app)
    app.context_processor(_everywhere)
    app.after_request(_headers)


def _language() -> str:
    if not request:
        return LANGUAGES[0]
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def _everywhere() -> dict:
    return {
        "platform_name": settings.platform_name,
        "support_url": settings.support_url,
        "locale": str(get_locale() or LANGUAGES[0]),
        "nav_items": _nav_items() if request else [],
    }


def _nav_items() -> list[dict]:
    if not current_user or not current_user.is_authenticated:
        return []
    if current_user.role == Role.STAFF:
        entries = [(_("Customers"), "onboarding.customers")]
    else:
        entries = [(_("Jobs"), "jobs.overview")]
        if current_user.role == Role.ADMIN:
            entries.append((_("Connection"), "connections.page"))
            entries.append((_("Results"), "norms.page"))
            entries.append((_("Organisation"), "organisations.page"))
    return [
        {
            "label": label,
            "url": url_for(endpoint),
            "current": request.blueprint in _part(endpoint.split(".")[0]),
        }
        for label, endpoint in entries
    ]


# The blueprints whose pages belong to the tab of one.
PARTS = {
    "jobs": ("jobs", "dialog", "letter", "invitations", "candidates"),
    "norms": ("norms", "fairness", "platforms"),
}


def _part(blueprint: str) -> tuple[str, ...]:
    return PARTS.get(blueprint, (blueprint,))


def _headers(response):
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if request.endpoint == "static":
        response.headers["Cache-Control"] = "public, max-age=3600"
    else:
        # Pages hold people's data and links with tokens: never kept, never sent on.
        response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
