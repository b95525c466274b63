"""Forms for inviting a colleague and for joining."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import AnyOf, EqualTo, InputRequired, Length

from eqsr.accounts.fields import NAME_CHECKS, new_password
from eqsr.accounts.models import Role

ROLE_CHOICES = [(Role.REVIEWER.value, _("Reviewer")), (Role.ADMIN.value, _("Admin"))]


class InviteForm(FlaskForm):
    """An admin invites a colleague, in a role."""

    email = EmailField(
        _("E-mail address"), [InputRequired(_("Enter an e-mail address.")), Length(max=254)]
    )
    role = StringField(
        _("Role"),
        [AnyOf([value for value, _label in ROLE_CHOICES], _("Choose a role."))],
        default=Role.REVIEWER.value,
    )


class JoinTeamForm(FlaskForm):
    """An invited person enters a name and a password."""

    name = StringField(_("Your name"), NAME_CHECKS)
    new = PasswordField(_("Password"), new_password(_("Choose a password.")))
    repeated = PasswordField(
        _("Password again"),
        [
            InputRequired(_("Enter the password again.")),
            EqualTo("new", _("The two passwords differ.")),
        ],
    )
