"""Ask for the password again before what would harm most, unless it was given minutes ago.

Anyone who finds a laptop open, or has stolen a cookie, does not know it (step-up authentication).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts import authentication, sessions
from eqsr.accounts.forms import ConfirmForm
from eqsr.web.login_redirect import safe_next
from eqsr.web.requests import client_address, is_htmx

View = Callable[..., ResponseReturnValue]

# The name of the password's field, which no other form of ours has.
FIELD = "confirm_password"


def asks_password(
    methods: tuple[str, ...] = ("POST",),
    when: Callable[[], bool] = lambda: True,
    unkept: str = "",
) -> Callable[[View], View]:
    """Let the view act only when the user gave the password within the last ten minutes.

    Else a page asks for it. It holds what was posted, and sends it again with the password, so
    that nothing has to be entered twice. Put it below ``member``. ``when``: only for requests for
    which this is true. ``unkept``: a field that must not be written into a page, as its value is
    a secret; if one was posted, or a file, nothing is kept, and the page says so.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> ResponseReturnValue:
            method = "GET" if request.method == "HEAD" else request.method
            if method not in methods or not when() or sessions.confirmed(current_user):
                return view(**arguments)
            if request.method != "POST" or FIELD not in request.form:
                return _ask(unkept)
            try:
                authentication.confirm(current_user, request.form[FIELD], client_address())
            except authentication.WrongPassword as wrong:
                return _ask(unkept, _(wrong.sentence))
            return view(**arguments)

        guarded.asks_password = True  # type: ignore[attr-defined]  # a test names these views
        return guarded

    return declare


def _ask(unkept: str, problem: str = "") -> ResponseReturnValue:
    """The page that asks; ``problem``: the sentence about a wrong password."""
    kept = None if is_htmx() or request.files else _kept(unkept)
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("accounts.confirm", next=request.full_path.rstrip("?")))
    if kept is None:
        page = url_for("accounts.confirm", next=page_before(), lost=1)
        return ("", 204, {"HX-Redirect": page}) if is_htmx() else redirect(page, 303)
    form = ConfirmForm(formdata=None)
    if problem:
        form.confirm_password.errors = [problem]
    page = render_template(
        "accounts/confirm.html",
        form=form,
        action=request.full_path.rstrip("?"),
        kept=kept,
        lost=False,
        back=page_before(),
    )
    return page, 422 if problem else 403


def _kept(unkept: str) -> list[tuple[str, str]] | None:
    """What was posted, without the token and the password; None if a secret is in it."""
    if unkept and request.form.get(unkept):
        return None
    ours = {"csrf_token", FIELD}
    return [one for one in request.form.items(multi=True) if one[0] not in ours]


def page_before() -> str:
    """The path of the page with the form or link that was pressed; the start page if unknown."""
    given = request.headers.get("HX-Current-URL") or request.referrer or ""
    try:
        page = urlsplit(given)
    except ValueError:
        return "/"
    if page.netloc != request.host:
        return "/"
    return safe_next(f"{page.path}?{page.query}" if page.query else page.path)
