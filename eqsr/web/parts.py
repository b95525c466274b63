"""Addresses that are no page of their own, opened as one: by a reload, a restored tab or by hand.

A part of a page, which htmx asks for, leads to the page around it. An address that only a form
sends to leads to the page above it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from eqsr.web.access import SIGNED
from eqsr.web.requests import is_htmx

View = Callable[..., ResponseReturnValue]


def part_of(endpoint: str) -> Callable[[View], View]:
    """Declare that the view renders a part of the page ``endpoint``, for htmx.

    Opened as a page, it redirects there, with the same arguments and query.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> ResponseReturnValue:
            if is_htmx():
                return view(**arguments)
            # An underscore begins what url_for takes for itself, such as the scheme.
            query = {name: value for name, value in request.args.items() if name[0:1] != "_"}
            return go(url_for(endpoint, **query | arguments))

        return guarded

    return declare


def page_above() -> str | None:
    """The nearest page above an address that takes only forms; None for programs and without one.

    The page of ``/team/invite`` is ``/team``.
    """
    adapter = current_app.create_url_adapter(request)
    if adapter is None or request.method not in ("GET", "HEAD") or is_htmx():
        return None
    try:
        endpoint, _arguments = adapter.match(method="POST")
    except HTTPException:
        return None
    if getattr(current_app.view_functions[endpoint], "access", SIGNED) == SIGNED:
        return None
    path = request.path
    while path := path.rpartition("/")[0]:
        if adapter.test(path, method="GET"):
            return path
    return None
