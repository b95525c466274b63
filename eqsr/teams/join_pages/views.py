"""The page on which an invited person joins by the emailed link."""

from flask import flash, render_template, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eqsr.accounts.pages import log_in
from eqsr.accounts.passwords import WeakPassword
from eqsr.core.emailed_links import InvalidLink
from eqsr.core.extensions import limiter
from eqsr.teams import join_link
from eqsr.teams.forms import JoinTeamForm
from eqsr.teams.pages import blueprint
from eqsr.web.access import by_token
from eqsr.web.requests import client_address


@blueprint.route("/join/<token>", methods=["GET", "POST"])
@by_token
@limiter.limit("60 per hour")
def join(token: str) -> ResponseReturnValue:
    """Let an invited person choose a name and password, and log them in."""
    form = JoinTeamForm()
    invitation = join_link.find_by_token(token)
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("teams/join.html", form=form, invitation=invitation), status
    name = " ".join(form.name.data.split())
    try:
        user = join_link.join(token, name, form.new.data, client_address())
    except WeakPassword as weak:
        form.new.errors = [_(weak.sentence)]
        return render_template("teams/join.html", form=form, invitation=invitation), 422
    log_in(user)
    sentence = _("Welcome! You are now on the team of %(name)s.", name=user.organisation.name)
    flash(sentence, "success")
    return go(url_for("accounts.home"), 303)


@blueprint.errorhandler(InvalidLink)
def _dead_link(dead: InvalidLink) -> ResponseReturnValue:
    return render_template("teams/join_dead.html", reason=dead.reason), 410
