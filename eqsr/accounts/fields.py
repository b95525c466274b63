"""Checks that the forms of several rooms share."""

from flask_babel import lazy_gettext as _
from wtforms.validators import DataRequired, InputRequired, Length

from eqsr.accounts.passwords import MAX_LENGTH, MIN_LENGTH

NAME = [
    DataRequired(_("Enter your name, as your colleagues know it.")),
    Length(max=200, message=_("A name can have at most 200 characters.")),
]


def new_password(missing) -> list:
    """Checks of a new password, beside those of accounts.passwords; ``missing``: what to say when
    there is none."""
    length = _("A password needs at least %(min)d characters and at most %(max)d.")
    return [InputRequired(missing), Length(MIN_LENGTH, MAX_LENGTH, length)]
