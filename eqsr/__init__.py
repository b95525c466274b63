"""eqsr connects an assessment platform to SmartRecruiters."""

import logging
import os
from importlib import import_module

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from eqsr.core import embedded_redis, extensions
from eqsr.core.encryption import Vault
from eqsr.core.logs import init_logs
from eqsr.core.private_files import make_private
from eqsr.core.settings import Settings, from_environment
from eqsr.ops.cli import register_commands
from eqsr.outbox import redis_client
from eqsr.web.bodies import Bodies, init_bodies
from eqsr.web.cookies import cookie_name
from eqsr.web.errors import init_errors
from eqsr.web.hosts import Hosts
from eqsr.web.pages import init_pages
from eqsr.webhooks.fast_path import FastPath
from serving.arrival import LARGEST_BODY

log = logging.getLogger(__name__)

# Modules with pages, with tables, and with handlers for the worker.
VIEWS = (
    "accounts.views",
    "teams.views",
    "onboarding.views",
    "onboarding.invite_pages.views",
    "onboarding.reconnect_pages.views",
    "screens.audit.views",
    "screens.connection.views",
    "screens.jobs.views",
    "screens.jobs.assessment_choice.views",
    "screens.jobs.dialog.views",
    "screens.jobs.invitation_email.views",
    "invitations.views",
    "sittings.views",
    "sittings.questions.views",
    "sittings.games.views",
    "sittings.library.views",
    "screens.profile.views",
    "extras.shared_profiles.views",
    "extras.help.views",
    "extras.target_ranges.views",
    "extras.reports.views",
    "extras.feedback.views",
    "extras.privacy.views",
    "organisations.views",
    "webhooks.views",
    "reconciling.views",
    "norms.views",
    "extras.fairness.views",
    "extras.partners.views",
    "extras.partner_api.views",
    "ops.health",
    "ops.security_txt",
)
# Views that add pages to another module's blueprint, which is registered after them.
ADDED_VIEWS = (
    "onboarding.last_step_pages.views",
    "teams.join_pages.views",
    "teams.job_team_pages.views",
    "accounts.password_pages.views",
    "accounts.profile_pages.views",
    "onboarding.link_pages.views",
    "organisations.brand_files.views",
    "teams.invitation_pages.views",
    "screens.jobs.details.views",
    "screens.jobs.dialog.option_lists.views",
    "screens.jobs.dialog.backfill.views",
    "sittings.open_link.views",
    "invitations.inviting_pages.views",
    "invitations.reminder_pages.views",
)
MODELS = (
    "accounts.models",
    "onboarding.models",
    "connections.models",
    "jobs.models",
    "candidates.models",
    "invitations.models",
    "duplicates.models",
    "teams.models",
    "extras.shared_profiles.models",
    "sittings.models",
    "extras.target_ranges.models",
    "norms.models",
    "extras.fairness.models",
    "extras.partners.models",
    "extras.partner_api.models",
    "results.models",
    "extras.feedback.models",
    "webhooks.models",
    "mail.models",
    "reconciling.models",
    "activity.models",
    "outbox.models",
)
HANDLERS = (
    "outbox.retention",
    "accounts.handlers",
    "teams.handlers",
    "extras.shared_profiles.handlers",
    "onboarding.handlers",
    "connections.handlers",
    "jobs.handlers",
    "invitations.handlers",
    "sittings.handlers",
    "extras.fairness.handlers",
    "results.handlers",
    "extras.reports.handlers",
    "extras.feedback.handlers",
    "extras.privacy.handlers",
    "webhooks.handlers",
    "reconciling.handlers",
)


def create_app(settings: Settings | None = None) -> Flask:
    """The application, for web, worker and command line alike.

    Raises SettingsProblem when the environment can't be used.
    """
    settings = settings or from_environment(os.environ)
    init_logs(settings.log_level)
    app = Flask(__name__, template_folder="../templates", static_folder="../static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        # Flask-WTF hands it to itsdangerous, which signs with the last and takes all.
        WTF_CSRF_SECRET_KEY=list(reversed(settings.secret_keys)),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME=cookie_name("session", settings),
        SESSION_COOKIE_SECURE=settings.serves_https,
        SESSION_COOKIE_HTTPONLY=True,
        PERMANENT_SESSION_LIFETIME=12 * 3600,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        BABEL_DEFAULT_TIMEZONE="UTC",
        BABEL_TRANSLATION_DIRECTORIES="../translations",
        RATELIMIT_STORAGE_URI=_limit_storage(settings),
    )
    for warning in settings.warnings:
        log.warning("settings: %s", warning)
    make_private(settings)
    app.extensions["eqsr.settings"] = settings
    app.extensions["eqsr.vault"] = Vault(settings.encryption_keys)
    redis_client.configure(settings)
    init_bodies(app)
    _init_extensions(app)
    init_errors(app)
    init_pages(app)
    for module in MODELS + HANDLERS + ADDED_VIEWS:
        import_module(f"eqsr.{module}")
    for module in VIEWS:
        app.register_blueprint(import_module(f"eqsr.{module}").blueprint)
    register_commands(app)
    # Flask's own way of adding middleware, which its types do not allow.
    app.wsgi_app = Hosts(Bodies(FastPath(app)), settings)  # type: ignore[method-assign]
    if settings.proxies:
        trusted = settings.proxies
        inside = app.wsgi_app
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as above
            inside, x_for=trusted, x_proto=trusted, x_host=trusted
        )
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
    # All processes count together, in the embedded server too; it starts when it is first used.
    url = settings.redis_url or embedded_redis.address(settings.data_dir)
    return f"redis+{url}" if url.startswith("unix:") else url
