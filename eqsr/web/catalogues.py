"""Look up translations for templates fast."""

from collections.abc import Callable
from typing import Any, cast

from babel import Locale
from babel.support import NullTranslations
from flask import Flask
from flask_babel import Domain, get_domain, get_locale, get_translations
from jinja2 import pass_context
from jinja2.runtime import Context

from eqsr.core.bidi import isolated_values


def cache_catalogues(app: Flask) -> None:
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
    for name in ("gettext", "ngettext"):
        environment.globals[name] = _isolating(environment.globals[name])


def _isolating(translate: Callable[..., str]) -> Callable[..., str]:
    """Keep names that are read from the right from turning the sentence around them."""

    @pass_context
    def isolating(context: Context, *texts: Any, **values: Any) -> str:
        return translate(context, *texts, **isolated_values(values))

    return isolating
