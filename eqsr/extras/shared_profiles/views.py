"""Sharing a profile, and the page that a guest sees."""

import logging
import uuid

from flask import Blueprint, flash, render_template, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.candidates.models import Candidate
from eqsr.core.clock import now
from eqsr.core.columns import new_id
from eqsr.core.db import db
from eqsr.core.emailed_links import InvalidLink
from eqsr.core.extensions import csrf, limiter
from eqsr.core.messages import NotFoundError, UserError
from eqsr.extras.shared_profiles import links, service
from eqsr.extras.shared_profiles.forms import ShareForm, day_choices
from eqsr.mail import queries as mail_queries
from eqsr.screens.profile import wording
from eqsr.web import languages
from eqsr.web.access import by_token, member
from eqsr.web.requests import client_address
from eqsr.web.step_up import asks_password

log = logging.getLogger(__name__)

blueprint = Blueprint("guests", __name__)

recruiter = member(Role.ADMIN, Role.REVIEWER)


@blueprint.get("/candidates/<uuid:candidate_id>/guests")
@recruiter
def page(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form and the guests who have a link."""
    return _page(candidate_id, ShareForm(id=new_id()))


@blueprint.post("/candidates/<uuid:candidate_id>/guests")
@recruiter
@limiter.limit("60 per hour")
@asks_password()
def share(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Share the profile with a guest."""
    form = ShareForm()
    if not form.validate_on_submit():
        return _page(candidate_id, form), 422
    try:
        share_id = uuid.UUID(form.id.data or "")
    except ValueError:
        share_id = new_id()
    try:
        facts = (form.email.data, form.days.data, share_id, client_address())
        made = service.share(current_user, candidate_id, *facts)
    except NotFoundError:
        raise
    except UserError as error:
        form.email.errors = [_(error.sentence)]
        return _page(candidate_id, form), 422
    flash(_("The link is on its way to %(email)s.", email=made.email), "success")
    return go(url_for("guests.page", candidate_id=candidate_id), 303)


@blueprint.post("/candidates/<uuid:candidate_id>/guests/<uuid:share_id>/revoke")
@recruiter
def revoke(candidate_id: uuid.UUID, share_id: uuid.UUID) -> ResponseReturnValue:
    """End a guest's access."""
    service.revoke(current_user, share_id, client_address())
    flash(_("The access is ended: the link is closed."), "success")
    return go(url_for("guests.page", candidate_id=candidate_id), 303)


@blueprint.get("/shared/<token>")
@by_token
@limiter.limit("120 per hour")
def profile(token: str) -> ResponseReturnValue:
    """The profile, to read; the link opens nothing else."""
    found = links.find_by_token(token)
    languages.set_time_zone(found.shared_by.organisation.time_zone)
    shown = links.shown_profile(found)
    # A program's visit is no guest's, so it only leaves a line in the log.
    log.info("a shared profile was fetched", extra={"share": found.id, "address": client_address()})
    return render_template(
        "shared_profiles/profile.html", share=found, profile=shown, wording=wording, token=token
    )


# No CSRF token: the link is the key.
@blueprint.post("/shared/<token>/opened")
@by_token
@csrf.exempt
@limiter.limit("120 per hour")
def opened(token: str) -> ResponseReturnValue:
    """Record that the guest sees the profile."""
    found = links.find_by_token(token)
    links.shown_profile(found)
    links.opened(found, client_address())
    return "", 204


@blueprint.errorhandler(InvalidLink)
def _dead_link(dead: InvalidLink) -> ResponseReturnValue:
    return render_template("shared_profiles/dead.html", reason=dead.reason), dead.status


def _page(candidate_id: uuid.UUID, form: ShareForm) -> str:
    shares = service.shares_of(candidate_id)
    latest = mail_queries.latest_of([one.id for one in shares])
    return render_template(
        "shared_profiles/page.html",
        candidate=db.session.get(Candidate, candidate_id),
        form=form,
        days=day_choices(),
        shares=shares,
        mails=latest,
        waiting=mail_queries.any_queued(latest.values()),
        moment=now(),
    )
