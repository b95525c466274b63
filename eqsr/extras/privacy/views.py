"""Pages to delete a result and to set the retention period."""

import uuid

from flask import Blueprint, flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.candidates.models import Application
from eqsr.core.messages import NotFoundError, UserError
from eqsr.extras.privacy import anonymisation, retention, retention_setting, service
from eqsr.web.access import member
from eqsr.web.requests import client_address
from eqsr.web.step_up import asks_password

MONTHS = {str(one) for one in retention.CHOICES if one}

blueprint = Blueprint("erasing", __name__)
admin = member(Role.ADMIN)

blueprint.add_app_template_global(service.erasures)
blueprint.add_app_template_global(retention.kept_until)
blueprint.add_app_template_global(retention.removed_until)


@blueprint.get("/applications/<uuid:application_id>/erase")
@admin
def confirm(application_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for confirmation to delete the result, or the name and address if there is none."""
    application = service.own(current_user, application_id)
    if application.erased_at:
        return _to(application)
    if service.invitations_of(application_id):
        return _page(application)
    if anonymisation.forgettable(application.candidate):
        return _forget_page(application)
    return _to(application)


@blueprint.post("/applications/<uuid:application_id>/erase")
@admin
@asks_password()
def erase(application_id: uuid.UUID) -> ResponseReturnValue:
    """Delete the result, or only the name and address."""
    sure, address = "sure" in request.form, client_address()
    application = service.own(current_user, application_id)
    if request.form.get("only") == "name":
        return _forget(application, sure, address)
    try:
        erased = service.erase_by(current_user, application_id, sure, address)
    except NotFoundError:
        raise
    except UserError as error:
        return _page(application, _(error.sentence)), 422
    flash(
        _("The result is deleted.") if erased else _("This result was deleted already."),
        "success" if erased else "info",
    )
    return _to(application)


@blueprint.get("/organisation/keeping")
@admin
def keep_page() -> ResponseReturnValue:
    """Show the retention period."""
    return _keep_page(current_user.organisation.keep_months)


@blueprint.post("/organisation/keeping")
@admin
@asks_password()
def keep() -> ResponseReturnValue:
    """Set the retention period."""
    months = request.form.get("months", "")
    wanted = int(months) if months in MONTHS else None if months == "" else 0
    sure, address = "sure" in request.form, client_address()
    try:
        retention_setting.keep_for(current_user, wanted, sure, address)
    except retention_setting.WouldDelete as asked:
        # Show the number first; ask for the tick only if that was ignored.
        problem = _(asked.sentence) if "asked" in request.form else ""
        return _keep_page(wanted, asked.number, problem), asked.status
    except UserError as error:
        return _keep_page(None, problem=_(error.sentence)), 422
    flash(_("The settings are saved."), "success")
    return go(url_for("organisations.page"), 303)


def _keep_page(months: int | None, number: int = 0, problem: str = "") -> str:
    return render_template(
        "privacy/keeping.html",
        organisation=current_user.organisation,
        months=months,
        options=_keeping_options(),
        number=number,
        problem=problem,
    )


def _keeping_options() -> list[tuple[str, str]]:
    """The retention periods as (months, label); months is empty for no limit."""
    return [
        (str(months), ngettext("%(num)s month", "%(num)s months", months))
        if months
        else ("", _("Until we delete them"))
        for months in retention.CHOICES
    ]


def _page(application: Application, problem: str = "") -> str:
    return render_template(
        "privacy/confirm.html",
        application=application,
        invitations=service.invitations_of(application.id),
        problem=problem,
    )


def _forget(application: Application, sure: bool, address: str) -> ResponseReturnValue:
    try:
        forgotten = anonymisation.forget_by(current_user, application.id, sure, address)
    except NotFoundError:
        raise
    except UserError as error:
        return _forget_page(application, _(error.sentence)), 422
    if forgotten:
        flash(_("The name and the address are deleted."), "success")
    return _to(application)


def _forget_page(application: Application, problem: str = "") -> str:
    return render_template("privacy/forget.html", application=application, problem=problem)


def _to(application: Application) -> ResponseReturnValue:
    return go(url_for("candidates.profile", candidate_id=application.candidate_id), 303)
