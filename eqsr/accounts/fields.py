"""Validators that the forms of several rooms share."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms.validators import DataRequired, InputRequired, Length

from eqsr.accounts.passwords import MAX_LENGTH, MIN_LENGTH

NAME_CHECKS = [
    DataRequired(_("Enter your name, as your colleagues know it.")),
    Length(max=200, message=_("A name can have at most 200 characters.")),
]


def new_password(missing: Any) -> list[Any]:
    """Return the validators of a new password's length; accounts.passwords checks the rest.

    ``missing`` is the (lazy) sentence for an empty field.
    """
    length = _("A password needs at least %(min)d characters and at most %(max)d.")
    return [InputRequired(missing), Length(MIN_LENGTH, MAX_LENGTH, length)]
