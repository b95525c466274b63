"""Set up what all pages share: language, time zone, headers and template globals."""

from typing import Any, TypedDict, cast
from urllib.parse import urlencode

from babel import Locale
from babel.support import NullTranslations
from flask import Flask, Response, current_app, g, request, session
from flask_babel import Domain, get_domain, get_locale, get_translations, refresh
from jinja2 import pass_eval_context
from jinja2.filters import do_xmlattr
from jinja2.nodes import EvalContext

from eqsr.accounts.models import User
from eqsr.core import formats
from eqsr.core.extensions import babel, settings
from eqsr.organisations.service import LANGUAGES
from eqsr.web import assets
from eqsr.web.access import init_access
from eqsr.web.navigation import nav_items

# The language of the source texts; others are offered if they have a catalogue.
SOURCE = "en"

# No inline script or style, nothing from another host, no framing.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


class LanguageLink(TypedDict):
    """A link to the same page in another language."""

    code: str
    name: str
    url: str
    current: bool


def init_pages(app: Flask) -> None:
    """Set up languages, template filters and globals, access checks, static files and headers."""
    babel.init_app(app, locale_selector=_language, timezone_selector=_time_zone)
    with app.app_context():
        translated = {str(locale) for locale in babel.list_translations()} | {SOURCE}
    app.extensions["eqsr.languages"] = {
        code: name for code, name in LANGUAGES.items() if code in translated
    }
    _cache_catalogues(app)
    app.jinja_env.filters.update(formats.FILTERS)
    app.jinja_env.filters["xmlattr"] = _attributes
    app.before_request(_store_language)
    init_access(app)
    assets.init_assets(app)
    app.context_processor(_template_globals)
    app.after_request(_add_headers)


def _cache_catalogues(app: Flask) -> None:
    """Cache the catalogue per language for templates.

    A list translates hundreds of words, and Flask-Babel searches the catalogue again for each.
    """
    catalogues: dict[tuple[Domain, Locale], NullTranslations] = {}

    def catalogue() -> NullTranslations:
        domain, locale = get_domain(), get_locale()
        if locale is None:
            return cast(NullTranslations, get_translations())
        if (domain, locale) not in catalogues:
            catalogues[domain, locale] = get_translations()
        return catalogues[domain, locale]

    # Jinja's i18n extension adds this method to the environment.
    environment = cast(Any, app.jinja_env)
    environment.install_gettext_callables(
        gettext=lambda text: catalogue().ugettext(text),
        ngettext=lambda one, many, number: catalogue().ungettext(one, many, number),
        newstyle=True,
    )


@pass_eval_context
def _attributes(context: EvalContext, attributes: dict[str, Any]) -> str:
    """Jinja's ``xmlattr`` with HTML's boolean attributes.

    True writes an empty value, and False leaves the attribute out. Jinja itself writes
    ``hidden="True"``, which is not valid HTML.
    """
    written = {name: "" if value is True else value for name, value in attributes.items()}
    return do_xmlattr(context, {k: v for k, v in written.items() if v is not False})


def offered_languages() -> dict[str, str]:
    """Code and name of every language that has a catalogue, English included."""
    return cast(dict[str, str], current_app.extensions["eqsr.languages"])


def set_language(language: str) -> None:
    """Answer this request in ``language``, whatever the visitor chose.

    Candidates' pages are in the language of the job.
    """
    g.language = language
    refresh()


def chosen_language() -> str:
    """The language that the visitor chose in the footer; empty if none."""
    return cast(str, session.get("language", ""))


def _store_language() -> None:
    """Store the language from ``?language=nl`` in the browser's session."""
    wanted = request.args.get("language")
    if wanted in offered_languages():
        session["language"] = wanted


def _language() -> str:
    """The language of the page, of the user or visitor, or of the browser, in this order."""
    offered = offered_languages()
    if not request:
        return SOURCE
    user = _user()
    for choice in (g.get("language"), user and user.language, chosen_language()):
        if choice and choice in offered:
            return str(choice)
    return request.accept_languages.best_match(offered) or SOURCE


def _language_links() -> list[LanguageLink]:
    """Links to this page in each language, for visitors; users have a setting instead."""
    rule = request.url_rule
    if g.get("language") or _user() or rule is None or "GET" not in (rule.methods or ()):
        return []
    asked = [(key, value) for key, value in request.args.items(multi=True) if key != "language"]
    return [
        {
            "code": code,
            "name": name,
            "url": f"{request.path}?{urlencode([*asked, ('language', code)])}",
            "current": code == str(get_locale()),
        }
        for code, name in offered_languages().items()
    ]


def _time_zone() -> str | None:
    """The time zone of the user or the organisation; None for visitors.

    In the browser, app.js shows times in the device's zone unless the user chose one.
    """
    user = _user() if request else None
    return (user.time_zone or user.organisation.time_zone) if user else None


def _user() -> User | None:
    """The logged-in user, if known already: an error page must not query the database."""
    user = g.get("_login_user")
    return user if user is not None and user.is_authenticated else None


def _template_globals() -> dict[str, object]:
    return {
        "asset_version": assets.version(),
        "platform_name": settings.platform_name,
        "support_url": settings.support_url,
        "locale": str(get_locale() or SOURCE),
        "time_zone": user.time_zone if (user := _user() if request else None) else "",
        "nav_items": nav_items() if request else [],
        "language_links": _language_links() if request else [],
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
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
