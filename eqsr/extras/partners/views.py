"""Pages about other assessment platforms, for administrators; and a job's choice of one."""

import uuid

from flask import Blueprint, flash, g, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.core.extensions import limiter, settings
from eqsr.core.messages import NotFoundError, UserError
from eqsr.extras.partners import keys, service
from eqsr.extras.partners.models import Platform
from eqsr.jobs import assessment_platform, platform_choice
from eqsr.jobs import service as jobs
from eqsr.jobs.models import Job
from eqsr.web.access import member
from eqsr.web.step_up import asks_password

blueprint = Blueprint("platforms", __name__)
blueprint.add_app_template_global(
    lambda job: assessment_platform.choice_of(job.id), "assessed_elsewhere"
)


@blueprint.app_template_global()
def platform_of(job_id: uuid.UUID) -> str:
    """The platform where a job of the user's organisation is assessed; one query per page."""
    if "platform_names" not in g:
        g.platform_names = assessment_platform.names_of(current_user.organisation_id)
    return g.platform_names.get(job_id, "")


admin = member(Role.ADMIN)


@blueprint.get("/platforms")
@admin
def page() -> ResponseReturnValue:
    """Show the platforms and their keys."""
    return _page()


@blueprint.post("/platforms")
@admin
def add() -> ResponseReturnValue:
    """Add a platform."""
    name, host = request.form.get("name", ""), request.form.get("host", "")
    try:
        service.add(current_user.organisation_id, name, host, current_user)
    except UserError as error:
        return _page(name=name, host=host, errors=_at_its_field(error)), 422
    flash(_("The platform is added. Make a key for it next."), "success")
    return go(url_for("platforms.page"), 303)


@blueprint.post("/platforms/<uuid:platform_id>/keys")
@admin
@limiter.limit("20 per hour")
@asks_password()
def make_key(platform_id: uuid.UUID) -> ResponseReturnValue:
    """Make a key and show its secret, once."""
    platform = service.own(current_user.organisation_id, platform_id)
    key, secret = keys.make_key(platform, current_user)
    return render_template(
        "partners/key.html", platform=platform, key=key, secret=secret, api=_api_address(key.key)
    )


@blueprint.post("/platforms/keys/<uuid:key_id>/revoke")
@admin
def revoke_key(key_id: uuid.UUID) -> ResponseReturnValue:
    """Revoke a key."""
    keys.revoke_key(current_user.organisation_id, key_id, current_user)
    flash(_("The key is revoked: nothing that it signs is accepted any more."), "success")
    return go(url_for("platforms.page"), 303)


@blueprint.get("/jobs/<uuid:job_id>/elsewhere")
@member(Role.ADMIN, Role.REVIEWER)
def job(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show where the job is assessed."""
    return _job_page(jobs.job_of(current_user.organisation_id, job_id))


@blueprint.post("/jobs/<uuid:job_id>/elsewhere")
@member(Role.ADMIN, Role.REVIEWER)
def choose(job_id: uuid.UUID) -> ResponseReturnValue:
    """Set where the job is assessed: at a platform, or here."""
    found = jobs.job_of(current_user.organisation_id, job_id)
    try:
        platform_choice.choose(
            found, _chosen(), request.form.get("link", ""), request.form.get("minutes", 0, type=int)
        )
    except NotFoundError:
        raise
    except UserError as error:
        if not error.field:
            return _job_page(found, problem=_(error.sentence)), error.status
        return _job_page(found, errors=_at_its_field(error)), 422
    flash(_("Kept."), "success")
    return go(url_for("jobs.details", job_id=job_id), 303)


def _chosen() -> Platform | None:
    """The platform that the form names; None for our own. Raises NotFoundError."""
    text = request.form.get("platform", "")
    if not text:
        return None
    try:
        return service.own(current_user.organisation_id, uuid.UUID(text))
    except ValueError:
        raise NotFoundError from None


def _at_its_field(error: UserError) -> dict[str, list[str]]:
    return {error.field: [_(error.sentence)]}


def _page(name: str = "", host: str = "", errors: dict[str, list[str]] | None = None) -> str:
    return render_template(
        "partners/page.html",
        platforms=service.platforms_of(current_user.organisation_id),
        at_once=keys.MAX_KEYS,
        name=name,
        host=host,
        errors=errors or {},
    )


def _job_page(found: Job, problem: str = "", errors: dict[str, list[str]] | None = None) -> str:
    platforms = service.platforms_of(current_user.organisation_id)
    return render_template(
        "partners/job.html",
        job=found,
        choice=assessment_platform.choice_of(found.id),
        can_change=platform_choice.can_change(found),
        platforms=[(one.id, f"{one.name} ({one.host})") for one in platforms],
        problem=problem,
        errors=errors or {},
    )


def _api_address(key: str) -> str:
    return f"{settings.public_url}/api/elsewhere/v1/{key}"
