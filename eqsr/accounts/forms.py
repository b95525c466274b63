"""Logging in, and changing one's password."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from eqsr.accounts.service import LONGEST_PASSWORD, SHORTEST_PASSWORD


class LoginForm(FlaskForm):
    email = EmailField(
        _("Email"), [InputRequired(_("Enter your e-mail address.")), Length(max=254)]
    )
    password = PasswordField(_("Password"), [InputRequired(_("Enter your password."))])
    next = HiddenField()


class PasswordForm(FlaskForm):
    current = PasswordField(
        _("Current password"), [InputRequired(_("Enter your current password."))]
    )
    new = PasswordField(
        _("New password"),
        [
            InputRequired(_("Enter a new password.")),
            Length(
                SHORTEST_PASSWORD,
                LONGEST_PASSWORD,
                _("A password needs at least %(min)d characters and at most %(max)d."),
            ),
        ],
    )
    repeated = PasswordField(
        _("New password again"),
        [
            InputRequired(_("Enter the new password again.")),
            EqualTo("new", _("The two new passwords differ.")),
        ],
    )
