"""Flask extensions, created without an app, and proxies for what the running app holds.

``settings``, ``vault`` and ``templates`` work inside an application context.
"""

from functools import cached_property
from typing import Any, cast

from flask import current_app
from flask_babel import Babel, Domain
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from jinja2 import Environment
from werkzeug.local import LocalProxy

from eqsr.core.bidi import isolated_values
from eqsr.core.db import db
from eqsr.core.encryption import Vault
from eqsr.core.settings import Settings


class SessionLogin(LoginManager):  # type: ignore[misc]  # Flask-Login comes without types
    """A login manager that reads only the session.

    We never set Flask-Login's ``remember_token`` cookie, so we ignore it: unusual characters in a
    forged one would raise TypeError.
    """

    def _load_user_from_remember_cookie(self, cookie: str) -> None:
        return None


class IsolatingDomain(Domain):  # type: ignore[misc]  # Flask-Babel comes without types
    """Sentences whose names can't turn the words around them when they are read from the right."""

    def gettext(self, string: str, **variables: Any) -> str:
        return str(super().gettext(string, **isolated_values(variables)))

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        return str(super().ngettext(singular, plural, num, **isolated_values(variables)))


class IsolatingBabel(Babel):  # type: ignore[misc]  # Flask-Babel comes without types
    """Flask-Babel with the sentences above."""

    @cached_property
    def domain_instance(self) -> Domain:
        return IsolatingDomain(domain=self.domain)


babel = IsolatingBabel()
csrf = CSRFProtect()
limiter = Limiter(get_remote_address, swallow_errors=True, in_memory_fallback_enabled=True)
login = SessionLogin()
migrate = Migrate(render_as_batch=True, compare_type=True)

# The casts tell mypy what each proxy stands for.
settings = cast(Settings, LocalProxy(lambda: current_app.extensions["eqsr.settings"]))
vault = cast(Vault, LocalProxy(lambda: current_app.extensions["eqsr.vault"]))
templates = cast(Environment, LocalProxy(lambda: current_app.jinja_env))

__all__ = ["babel", "csrf", "db", "limiter", "login", "migrate", "settings", "templates", "vault"]
