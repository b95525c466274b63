"""Deleting a result: asked once more, done, and told."""

import uuid

from flask import Blueprint, flash, render_template, request, url_for
from flask import redirect as go
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.access import member
from eqsr.accounts.models import Role
from eqsr.erasing import service
from eqsr.plain import NotYours, PlainError

blueprint = Blueprint("erasing", __name__)
admin = member(Role.ADMIN)

blueprint.add_app_template_global(service.erasures)


@blueprint.get("/applications/<uuid:application_id>/erase")
@admin
def confirm(application_id: uuid.UUID):
    """Delete this result for good?"""
    application = service.own(current_user, application_id)
    return _to(application) if application.erased_at else _page(application)


@blueprint.post("/applications/<uuid:application_id>/erase")
@admin
def erase(application_id: uuid.UUID):
    sure, address = "sure" in request.form, request.remote_addr or ""
    application = service.own(current_user, application_id)
    try:
        erased = service.erase_by(current_user, application_id, sure, address)
    except NotYours:
        raise
    except PlainError as error:
        return _page(application, _(error.sentence)), 422
    flash(
        _("The result is deleted.") if erased else _("This result was deleted already."),
        "success" if erased else "info",
    )
    return _to(application)


def _page(application, problem: str = "") -> str:
    return render_template(
        "erasing/confirm.html",
        application=application,
        invitations=service.invitations_of(application.id),
        problem=problem,
    )


def _to(application):
    return go(url_for("candidates.profile", candidate_id=application.candidate_id), 303)
