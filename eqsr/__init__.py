"""eqsr connects an assessment platform to SmartRecruiters."""

import os
from importlib import import_module

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from eqsr import extensions
from eqsr.bodies import LARGEST_BODY, Bodies, init_bodies
from eqsr.cli import register_commands
from eqsr.errors import init_errors
from eqsr.hosts import Hosts
from eqsr.logs import init_logs
from eqsr.outbox import bell
from eqsr.pages import init_pages
from eqsr.security import Vault
from eqsr.settings import Settings, from_environment
from eqsr.webhooks.door import Door

# Rooms with pages, with tables, and with handlers for the worker.
VIEWS = (
    "accounts",
    "teams",
    "onboarding",
    "onboarding.inviting",
    "onboarding.reconnecting",
    "connections",
    "jobs",
    "jobs.parts",
    "jobs.dialog",
    "jobs.letter",
    "invitations",
    "assessments",
    "assessments.questions",
    "assessments.games",
    "assessments.library",
    "candidates",
    "guests",
    "help",
    "fit",
    "reports",
    "feedback",
    "erasing",
    "organisations",
    "webhooks",
    "reconciling",
    "norms",
    "fairness",
    "platforms",
    "elsewhere",
    "health",
)
MODELS = (
    "accounts",
    "onboarding",
    "connections",
    "jobs",
    "candidates",
    "invitations",
    "teams",
    "guests",
    "assessments",
    "fit",
    "norms",
    "fairness",
    "platforms",
    "elsewhere",
    "results",
    "feedback",
    "webhooks",
    "mail",
    "reconciling",
    "ledger",
    "outbox",
)
HANDLERS = (
    "accounts",
    "teams",
    "guests",
    "onboarding",
    "connections",
    "jobs",
    "invitations",
    "norms",
    "fairness",
    "results",
    "feedback",
    "erasing",
    "webhooks",
    "reconciling",
)


def create_app(settings: Settings | None = None) -> Flask:
    """The application, for web, worker and command line alike.

    Raises SettingsProblem when the environment can't be used.
    """
    settings = settings or from_environment(os.environ)
    init_logs()
    app = Flask(__name__, template_folder="../templates", static_folder="../static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
        SESSION_COOKIE_HTTPONLY=True,
        PERMANENT_SESSION_LIFETIME=12 * 3600,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        BABEL_DEFAULT_TIMEZONE="UTC",
        BABEL_TRANSLATION_DIRECTORIES="../translations",
        RATELIMIT_STORAGE_URI=_limit_storage(settings),
    )
    app.extensions["eqsr.settings"] = settings
    app.extensions["eqsr.vault"] = Vault(settings.encryption_keys)
    bell.configure(settings)
    init_bodies(app)
    _init_extensions(app)
    init_errors(app)
    init_pages(app)
    for room in MODELS:
        import_module(f"eqsr.{room}.models")
    for room in VIEWS:
        app.register_blueprint(import_module(f"eqsr.{room}.views").blueprint)
    for room in HANDLERS:
        import_module(f"eqsr.{room}.handlers")
    register_commands(app)
    app.wsgi_app = Hosts(Bodies(Door(app)), settings)
    if settings.proxies:
        trusted = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted)
    return app


def _init_extensions(app: Flask) -> None:
    extensions.db.init_app(app)
    migrations = os.path.join(os.path.dirname(app.root_path), "migrations")
    extensions.migrate.init_app(app, extensions.db, directory=migrations)
    extensions.csrf.init_app(app)
    extensions.login.init_app(app)
    extensions.limiter.init_app(app)


def _engine_options(settings: Settings) -> dict:
    # What is written to the database, answers and addresses too, is no part of an error's text.
    options = {"hide_parameters": True}
    if settings.uses_sqlite:
        return options | {"connect_args": {"timeout": 20}}
    # A host that swallows packets must not keep a page, or /readyz, for minutes.
    silence = {"connect_timeout": 5, "tcp_user_timeout": 10_000}
    pool = {"pool_pre_ping": True, "pool_size": 10, "max_overflow": settings.worker_slots}
    return options | pool | {"connect_args": silence}


def _limit_storage(settings: Settings) -> str:
    # Login limits are shared between processes where a Redis server is shared anyway.
    url = settings.redis_url or "memory://"
    return f"redis+{url}" if url.startswith("unix:") else url
