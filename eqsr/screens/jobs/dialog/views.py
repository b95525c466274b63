"""The Connect dialog: connecting a stage, and disconnecting it.

The dialogs are partials for htmx and full pages without JavaScript.
"""

import uuid

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.core.messages import NotFoundError, UserError
from eqsr.jobs import service
from eqsr.screens.jobs import backfill
from eqsr.screens.jobs.dialog import backfill_preview
from eqsr.screens.jobs.dialog.forms import link_named, terms, working_connection
from eqsr.screens.jobs.dialog.pages import blueprint, changed, connect_dialog, refused, show_dialog
from eqsr.screens.jobs.dialog.wording import what_now
from eqsr.screens.jobs.forms import as_uuid
from eqsr.screens.jobs.pages import job_named
from eqsr.web.access import member

recruiter = member(Role.ADMIN, Role.REVIEWER)


@blueprint.get("/<uuid:job_id>/connect")
@recruiter
def connect(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show the dialog."""
    return connect_dialog(job_named(job_id))


@blueprint.post("/<uuid:job_id>/connect")
@recruiter
def do_connect(job_id: uuid.UUID) -> ResponseReturnValue:
    """Connect the stage and start the chosen backfill."""
    job = job_named(job_id)
    form = request.form
    picked = as_uuid(form.get("ats_job")), as_uuid(form.get("stage"))
    try:
        connection = working_connection(job)
        ats_job, stage = service.chosen(connection, *picked)
        wish = backfill.choice(form.get("present", ""), form.get("days", ""))
        _require_preview(wish, backfill_preview.preview_key(ats_job, stage, wish.days))
        old = link_named(job)
        link = backfill.connect(job, ats_job, stage, current_user, terms(form), wish, old)
    except NotFoundError:
        raise
    except UserError as error:
        return refused(job, _(error.sentence), error.field)
    begun = _("The change is saved.") if old else _("The job is connected.")
    return changed(job, f"{begun} {what_now(link, wish, connection)}")


@blueprint.get("/<uuid:job_id>/disconnect")
@recruiter
def disconnect(job_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for confirmation to disconnect a stage."""
    job = job_named(job_id)
    link = link_named(job) or service.active_link(job)
    if link is None or link.ended_at is not None:
        raise UserError("This job is not connected any more. Reload the page.")
    return show_dialog("disconnect", job=job, link=link)


@blueprint.post("/<uuid:job_id>/disconnect")
@recruiter
def do_disconnect(job_id: uuid.UUID) -> ResponseReturnValue:
    """Disconnect the stage."""
    job = job_named(job_id)
    service.disconnect(service.link_of(job, as_uuid(request.form.get("link"))), current_user)
    return changed(job, _("The stage is disconnected. Invitations that were made stay valid."))


def _require_preview(wish: backfill.Backfill, key: str) -> None:
    """Require that the user saw how many candidates the backfill would email.

    The preview must be of this stage and, for RECENT, of this number of days. Raises UserError.
    """
    foreseen = request.form.get("foreseen", "")
    shown = (
        backfill_preview.same_stage(foreseen, key)
        if wish.scope is backfill.BackfillScope.ALL
        else foreseen == key
    )
    if wish.scope is not backfill.BackfillScope.NONE and not shown:
        raise UserError("See how many people this invites, then press Connect again.", "present")
