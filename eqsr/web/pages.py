"""What every page has: language, headers, navigation."""

from typing import Any
from urllib.parse import urlencode

from babel import Locale
from babel.support import Translations
from flask import Flask, current_app, g, request, session, url_for
from flask_babel import Domain, get_domain, get_locale, get_translations, refresh
from flask_babel import gettext as _
from flask_login import current_user
from jinja2 import pass_eval_context
from jinja2.filters import do_xmlattr
from jinja2.nodes import EvalContext

from eqsr.accounts.models import Role, User
from eqsr.core import formats
from eqsr.core.extensions import babel, settings
from eqsr.organisations.service import LANGUAGES
from eqsr.web import assets
from eqsr.web.access import init_access

# English is the source; the others are offered where a catalogue is there.
SOURCE = "en"

# No inline script or style, nothing from another host, no framing.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def init_pages(app: Flask) -> None:
    babel.init_app(app, locale_selector=_language, timezone_selector=_time_zone)
    with app.app_context():
        translated = {str(locale) for locale in babel.list_translations()} | {SOURCE}
    app.extensions["eqsr.languages"] = {
        code: name for code, name in LANGUAGES.items() if code in translated
    }
    _cache_catalogues(app)
    app.jinja_env.filters.update(formats.FILTERS)
    app.jinja_env.filters["xmlattr"] = _attributes
    app.before_request(_keep_choice)
    init_access(app)
    assets.init_assets(app)
    app.context_processor(_template_globals)
    app.after_request(_headers)


def _cache_catalogues(app: Flask) -> None:
    """A list has hundreds of words, and Flask-Babel spells the language's name for each of them to
    find its catalogue."""
    catalogues: dict[tuple[Domain, Locale | None], Translations] = {}

    def words() -> Translations:
        here = get_domain(), get_locale()
        if here not in catalogues:
            if here[1] is None:
                return get_translations()
            catalogues[here] = get_translations()
        return catalogues[here]

    app.jinja_env.install_gettext_callables(
        gettext=lambda text: words().ugettext(text),
        ngettext=lambda one, many, number: words().ungettext(one, many, number),
        newstyle=True,
    )


@pass_eval_context
def _attributes(context: EvalContext, attributes: dict[str, Any]) -> str:
    """Jinja's ``xmlattr``, with HTML's own way to write what is either there or not: True gives the
    name alone, False nothing. Jinja writes ``hidden="True"``, which HTML does not know."""
    written = {name: "" if value is True else value for name, value in attributes.items()}
    return do_xmlattr(context, {k: v for k, v in written.items() if v is not False})


def offered_languages() -> dict[str, str]:
    """Code and name of every language that pages speak."""
    return current_app.extensions["eqsr.languages"]


def set_language(language: str) -> None:
    """Answer this request in that language, whoever asks: a candidate's pages are the job's."""
    g.language = language
    refresh()


def chosen_language() -> str:
    """What a visitor chose at the foot of a page; empty if nothing."""
    return session.get("language", "")


def _keep_choice() -> None:
    """``?language=nl`` holds for this browser until another one is chosen."""
    wanted = request.args.get("language")
    if wanted in offered_languages():
        session["language"] = wanted


def _language() -> str:
    """The page's own, else what the user or the visitor chose, else what the browser asks for."""
    offered = offered_languages()
    if not request:
        return SOURCE
    user = _user()
    for choice in (g.get("language"), user and user.language, chosen_language()):
        if choice in offered:
            return choice
    return request.accept_languages.best_match(offered) or SOURCE


def _language_links() -> list[dict]:
    """The same page in each language, for who is not logged in: the others have a setting."""
    rule = request.url_rule
    if g.get("language") or _user() or rule is None or "GET" not in rule.methods:
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
    """In which zone times are written; where scripts run, app.js uses the device's own zone unless
    the user chose one."""
    user = _user() if request else None
    return (user.time_zone or user.organisation.time_zone) if user else None


def _user() -> User | None:
    """Who is logged in, if that was asked already: an error page must not ask the database."""
    user = g.get("_login_user")
    return user if user is not None and user.is_authenticated else None


def _template_globals() -> dict:
    return {
        "asset_version": assets.version(),
        "platform_name": settings.platform_name,
        "support_url": settings.support_url,
        "locale": str(get_locale() or SOURCE),
        "time_zone": user.time_zone if (user := _user() if request else None) else "",
        "nav_items": _nav_items() if request else [],
        "language_links": _language_links() if request else [],
    }


def _nav_items() -> list[dict]:
    if not current_user or not current_user.is_authenticated:
        return []
    if current_user.role == Role.STAFF:
        entries = [(_("Customers"), "onboarding.customers"), (_("Help"), "help.index")]
    else:
        entries = [(_("Jobs"), "jobs.overview")]
        if current_user.role == Role.ADMIN:
            entries += [
                (_("Results"), "norms.page"),
                (_("Connection"), "connections.page"),
                (_("Organisation"), "organisations.page"),
                (_("Team"), "teams.page"),
            ]
        entries.append((_("Help"), "help.index"))
    return [
        {
            "label": label,
            "url": url_for(endpoint),
            "current": _here() in _part(endpoint.split(".")[0]),
        }
        for label, endpoint in entries
    ]


# The blueprints whose pages belong to the tab of one.
PARTS = {
    "jobs": ("jobs", "invitations", "candidates", "guests"),
    "norms": ("norms", "fairness", "platforms"),
}


# Pages that belong to a tab by what they are about, in whatever room they are made.
ABOUT = {"jobs": "jobs", "applications": "jobs", "organisation": "organisations"}


def _here() -> str | None:
    """The blueprint of the page, or that of what it is about."""
    return ABOUT.get(request.path.split("/")[1], request.blueprint)


def _part(blueprint: str) -> tuple[str, ...]:
    return PARTS.get(blueprint, (blueprint,))


def _headers(response):
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if request.endpoint == "static":
        assets.finish(response)
    else:
        # Pages hold people's data and links with tokens: never kept, never sent on.
        response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
