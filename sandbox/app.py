"""The sandbox's Flask application: API, control API and pages on one port."""

import logging
from typing import Any

from flask import Flask, Response, has_request_context, jsonify, render_template, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import HTTPException

from . import (
    candidates_api,
    control_api,
    control_companies,
    control_people,
    control_webhooks,
    gate,
    jobs_api,
    messages_api,
    pages,
    profile_api,
    snapshots,
    tokens_api,
    webhooks_api,
)
from .errors import ApiError
from .shapes import without_nulls
from .world import World


class Json(DefaultJSONProvider):
    """JSON without null fields: SmartRecruiters' published OpenAPI allows no nulls."""

    sort_keys = False

    def dumps(self, obj: Any, **options: Any) -> str:
        if has_request_context() and gate.is_api() and gate.documented():
            obj = without_nulls(obj)
        return super().dumps(obj, **options)


MAX_BODY_BYTES = 32 * 1024 * 1024
# These imports add their routes to the control API's blueprint.
_CONTROL_PARTS = (control_companies, control_people, control_webhooks, snapshots)


def create_app(world: World) -> Flask:
    """Build the application for a world."""
    app = Flask(__name__)
    app.json = Json(app)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.extensions["sandbox_world"] = world
    gate.install(app)
    for room in (
        tokens_api,
        jobs_api,
        candidates_api,
        profile_api,
        messages_api,
        webhooks_api,
        control_api,
    ):
        app.register_blueprint(room.blueprint)
    pages.install(app)
    app.register_error_handler(ApiError, _refused)
    app.register_error_handler(HTTPException, _failed)
    app.register_error_handler(Exception, _broken)
    return app


def _refused(error: ApiError) -> tuple[Response | str, int]:
    if pages.is_page(request.path):
        return render_template("error.html", message=error.message), error.status
    return jsonify(error.body()), error.status


def _failed(error: HTTPException) -> tuple[Response | str, int] | HTTPException:
    status = error.code or 500
    if status < 400:  # a redirect
        return error
    words = error.name.upper().replace(" ", "_").replace("-", "_")
    return _refused(ApiError(status, words, error.description or error.name))


def _broken(error: Exception) -> tuple[Response | str, int]:
    logging.getLogger("sandbox").exception("the sandbox itself failed")
    message = f"The sandbox itself failed: {type(error).__name__}."
    return _refused(ApiError(500, "SANDBOX_ERROR", message))
