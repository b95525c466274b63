"""Whom to show a profile, and for how long."""

from flask_babel import lazy_gettext as _
from flask_babel import lazy_ngettext
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, SelectField
from wtforms.validators import InputRequired, Length

from eqsr.guests.service import DAYS


class ShareForm(FlaskForm):
    """``id`` is made with the form, so that sending it twice shares once."""

    id = HiddenField()
    email = EmailField(
        _("Guest's e-mail address"),
        [InputRequired(_("Enter an e-mail address.")), Length(max=254)],
    )
    days = SelectField(
        _("The link works for"),
        choices=[(day, lazy_ngettext("%(num)s day", "%(num)s days", day)) for day in DAYS],
        coerce=int,
        default=7,
    )
