"""``POST /identity/oauth/token``: the client credentials grant (OAuth 2.0, RFC 6749)."""

import hmac

from flask import Blueprint, Response, jsonify, request

from .gate import world

blueprint = Blueprint("tokens", __name__)


@blueprint.post("/identity/oauth/token")
def token() -> tuple[Response, int] | Response:
    """Issue a token for 30 minutes. Wrong credentials get 401 (public sources do not say)."""
    form = request.form
    if form.get("grant_type") != "client_credentials":
        return _refuse(400, "unsupported_grant_type", "Only client_credentials is supported here.")
    with world().lock:
        credential = world().credentials.get(form.get("client_id", ""))
        given = form.get("client_secret", "").encode()
        good = (
            credential is not None
            and credential.kind == "oauth"
            and not credential.revoked
            and hmac.compare_digest(credential.secret.encode(), given)
        )
        if not good:
            return _refuse(401, "invalid_client", "Client authentication failed.")
        access_token, expires_in = world().issue_token(credential)
    answer = {"access_token": access_token, "token_type": "bearer", "expires_in": expires_in}
    response = jsonify(answer)
    response.headers["Cache-Control"] = "no-store"
    return response


def _refuse(status: int, error: str, description: str) -> tuple[Response, int]:
    return jsonify({"error": error, "error_description": description}), status
