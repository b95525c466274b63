"""The pages for comparison groups, for an organisation's administrators."""

import uuid

from flask import Blueprint, flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.instruments.scoring.local import MIN_GROUP_SIZE
from eqsr.jobs import service as jobs
from eqsr.norms import choosing, group_offers, groups, wording
from eqsr.sittings import rescoring
from eqsr.web.access import member

blueprint = Blueprint("norms", __name__, url_prefix="/norms")

admin = member(Role.ADMIN)


@blueprint.get("")
@admin
def page() -> ResponseReturnValue:
    """Show each instrument's comparison groups."""
    found = group_offers.offered(current_user.organisation_id)
    return render_template("norms/page.html", offered=found, fewest=MIN_GROUP_SIZE, wording=wording)


@blueprint.post("/<instrument>")
@admin
def make(instrument: str) -> ResponseReturnValue:
    """Make an own group of everyone who has finished the instrument so far."""
    made = groups.make(current_user.organisation_id, instrument, current_user)
    flash(
        _(
            "Version %(version)s of your own group is kept. No score has changed.",
            version=made.version,
        ),
        "success",
    )
    return _back()


@blueprint.post("/<instrument>/default")
@admin
def use_for_new_jobs(instrument: str) -> ResponseReturnValue:
    """Set the group for new jobs."""
    norm_id, version = _chosen()
    choosing.use_for_new_jobs(
        current_user.organisation_id, instrument, norm_id, version, current_user
    )
    flash(_("New jobs will use this group. Jobs with scores keep theirs."), "success")
    return _back()


@blueprint.post("/<instrument>/jobs/<uuid:job_id>")
@admin
def give(instrument: str, job_id: uuid.UUID) -> ResponseReturnValue:
    """Set a job's group and score its sittings again."""
    job = jobs.job_of(current_user.organisation_id, job_id)
    norm_id, version = _chosen()
    number = rescoring.change_norm(job, instrument, norm_id, version, current_user)
    flash(
        ngettext(
            "%(num)s person is being scored again. The earlier scores stay in their profile.",
            "%(num)s people are being scored again. The earlier scores stay in their profiles.",
            number,
        ),
        "success",
    )
    return _back()


def _chosen() -> tuple[str, str]:
    norm_id, _slash, version = request.form.get("norm", "").partition("/")
    return norm_id, version


def _back() -> ResponseReturnValue:
    return go(url_for("norms.page"), 303)
