"""Who may call an endpoint. Every view declares it; a view that declares nothing is refused."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, Protocol, TypeVar, cast

from flask import Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from eqsr.accounts.models import User
from eqsr.candidates.queries import survivor_id
from eqsr.teams import members, visibility
from eqsr.web.login_redirect import redirect_to_login
from eqsr.web.refusals import record_refusal

PUBLIC = "public"  # anybody
LINK_HOLDER = "holder"  # people with the link; the view checks its token
SIGNED = "signed"  # a program; the view checks its signature
MEMBER = "member"  # a logged-in user who may see the objects that the ids in the address name

ViewFunction = Callable[..., ResponseReturnValue]
View = TypeVar("View", bound=ViewFunction)

# For each kind of id in an address: may this user see the object? Checked before a member's view.
SEES: dict[str, Callable[[User, uuid.UUID], bool]] = {
    "job_id": visibility.sees_job,
    "candidate_id": visibility.sees_candidate,
    "application_id": visibility.sees_application,
    "invitation_id": visibility.sees_invitation,
    "user_id": members.is_member,
}


class _AccessDeclared(Protocol):
    """The attributes that the decorators set on a view."""

    access: str
    roles: tuple[str, ...]


def public(view: View) -> View:
    """Declare that anybody may call the view."""
    cast(_AccessDeclared, view).access = PUBLIC
    return view


def by_token(view: View) -> View:
    """Declare that the view checks the token of a link."""
    cast(_AccessDeclared, view).access = LINK_HOLDER
    return view


def by_signature(view: View) -> View:
    """Declare that the view checks the signature of a request by a program."""
    cast(_AccessDeclared, view).access = SIGNED
    return view


def member(*roles: str) -> Callable[[ViewFunction], ViewFunction]:
    """Let only logged-in users call the view: those in one of ``roles``, or all if none is given.

    They must be allowed to see the objects that the ids in the address name (``SEES``). Others get
    a 404, so that the answer does not reveal that a page exists, and leave an audit entry. An
    address of a candidate whose profile was merged leads to the one that it was merged into.
    """

    def declare(view: ViewFunction) -> ViewFunction:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return redirect_to_login()
            asked = kwargs.get("candidate_id")
            if asked is not None:
                kwargs["candidate_id"] = survivor_id(asked)
            if roles and current_user.role not in roles:
                _refuse()
            if not all(SEES[name](current_user, kwargs[name]) for name in SEES if name in kwargs):
                _refuse()
            if request.method == "GET" and asked is not None and kwargs["candidate_id"] != asked:
                query: dict[str, Any] = request.args.to_dict()
                return redirect(url_for(request.endpoint or "", **{**query, **kwargs}))
            return view(*args, **kwargs)

        declared = cast(_AccessDeclared, guarded)
        declared.access = MEMBER
        declared.roles = roles
        return guarded

    return declare


def _refuse() -> NoReturn:
    record_refusal()
    abort(404)


def init_access(app: Flask) -> None:
    """Raise RuntimeError when a view is called that does not declare who may call it."""

    @app.before_request
    def refuse_undeclared() -> None:
        endpoint = request.endpoint
        if endpoint in (None, "static"):
            return
        if not hasattr(app.view_functions[endpoint], "access"):
            raise RuntimeError(f"{endpoint} does not declare who may call it")
