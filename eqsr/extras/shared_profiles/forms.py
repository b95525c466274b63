"""Whom to show a profile, and for how long."""

from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, IntegerField
from wtforms.validators import AnyOf, InputRequired, Length

from eqsr.extras.shared_profiles.service import SHARE_DAYS


class ShareForm(FlaskForm):
    """``id`` is made with the form, so that sending it twice shares once."""

    id = HiddenField()
    email = EmailField(
        _("Guest's e-mail address"),
        [InputRequired(_("Enter an e-mail address.")), Length(max=254)],
    )
    days = IntegerField(
        _("The link works for"),
        [AnyOf(SHARE_DAYS, _("Choose how long the link is to work."))],
        default=7,
    )


def day_choices() -> list[tuple[int, str]]:
    """How long a link may work, as (days, label)."""
    return [(day, ngettext("%(num)s day", "%(num)s days", day)) for day in SHARE_DAYS]
