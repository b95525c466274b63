"""The mail sink's inbox."""

import re

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as Redirect

from ..errors import ApiError
from ..gate import refuse_foreign_origin, world
from ..mailbox import Mail

blueprint = Blueprint("page_mail", __name__, url_prefix="/mail")

MAILS_SHOWN = 200
# A mail may style itself and nothing else: no script, no form, no other host.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
_URL = re.compile(r"(https?://[^\s<>\"']+)")


@blueprint.get("")
def inbox() -> str:
    """List mails, newest first."""
    to = request.args.get("to", "").strip()
    found = world().mailbox.find(to)
    return render_template(
        "mail.html", mails=list(reversed(found[-MAILS_SHOWN:])), found=len(found), to=to
    )


def _mail(mail_id: int) -> Mail:
    mail = world().mailbox.get(mail_id)
    if mail is None:
        raise ApiError(404, "MAIL_NOT_FOUND", "There is no such mail.")
    return mail


@blueprint.get("/<int:mail_id>")
def show(mail_id: int) -> str:
    """Show one mail: its HTML in a sandboxed frame, its text and headers."""
    mail = _mail(mail_id)
    pieces = _URL.split(mail.text)
    text = Markup("").join(
        Markup('<a href="{0}" rel="noopener">{0}</a>').format(piece) if at % 2 else piece
        for at, piece in enumerate(pieces)
    )
    return render_template("mail_one.html", mail=mail, text=text)


@blueprint.get("/<int:mail_id>/html")
def show_html(mail_id: int) -> Response:
    """Return the mail's HTML for the frame; links open in a new tab."""
    html = '<base target="_blank">' + _mail(mail_id).html
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response


@blueprint.post("/delete")
def clear() -> Redirect:
    """Delete all mails."""
    refuse_foreign_origin()
    world().mailbox.clear()
    flash("The inbox is empty.")
    return redirect(url_for(".inbox"))
