"""Pages of the user's own profile and login sessions."""

import uuid

from flask import flash, render_template, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts import service, sessions
from eqsr.accounts.forms import ProfileForm
from eqsr.accounts.pages import blueprint
from eqsr.web.access import member
from eqsr.web.languages import offered_languages
from eqsr.web.requests import client_address


@blueprint.route("/profile", methods=["GET", "POST"])
@member()
def profile() -> ResponseReturnValue:
    """Show or change the user's profile, and list their sessions."""
    user = current_user
    now_set = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
    form = ProfileForm(offered_languages(), data=now_set)
    if not form.validate_on_submit():
        page = render_template(
            "accounts/profile.html", form=form, sessions=sessions.open_sessions(user.id)
        )
        return page, 422 if form.is_submitted() else 200
    name = " ".join(form.name.data.split())
    service.change_profile(user, name, form.language.data, form.time_zone.data)
    flash(_("Your profile is saved."), "success")
    return go(url_for("accounts.profile"), 303)


@blueprint.post("/sessions/<uuid:session_id>/end")
@member()
def end_session(session_id: uuid.UUID) -> ResponseReturnValue:
    """End one of the user's sessions."""
    sessions.end(current_user, session_id, client_address())
    flash(_("That session is ended."), "success")
    return go(url_for("accounts.profile"), 303)


@blueprint.post("/sessions/end-others")
@member()
def end_other_sessions() -> ResponseReturnValue:
    """End all of the user's sessions but this one."""
    sessions.end_others(current_user, client_address())
    flash(_("Everywhere else you are logged out."), "success")
    return go(url_for("accounts.profile"), 303)
