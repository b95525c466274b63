"""Forms for logging in, the user's profile and password."""

from typing import Any
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import AnyOf, EqualTo, InputRequired, Length

from eqsr.accounts.fields import NAME_CHECKS, new_password


class LoginForm(FlaskForm):
    """Email and password; ``next`` is the path to open afterwards."""

    email = EmailField(
        _("Email"), [InputRequired(_("Enter your e-mail address.")), Length(max=254)]
    )
    password = PasswordField(_("Password"), [InputRequired(_("Enter your password."))])
    next = HiddenField()


class ForgottenForm(FlaskForm):
    """The address to which a link for a new password is sent."""

    email = EmailField(
        _("Email"), [InputRequired(_("Enter your e-mail address.")), Length(max=254)]
    )


class ResetForm(FlaskForm):
    """A new password, typed twice."""

    new = PasswordField(_("New password"), new_password(_("Enter a new password.")))
    repeated = PasswordField(
        _("New password again"),
        [
            InputRequired(_("Enter the new password again.")),
            EqualTo("new", _("The two new passwords differ.")),
        ],
    )


class PasswordForm(ResetForm):
    """A new password, with the current one as proof."""

    current = PasswordField(
        _("Current password"), [InputRequired(_("Enter your current password."))]
    )


class ConfirmForm(FlaskForm):
    """The current password again; ``next`` is the path to open afterwards."""

    confirm_password = PasswordField(
        _("Current password"), [InputRequired(_("Enter your current password."))]
    )
    next = HiddenField()


class ProfileForm(FlaskForm):
    """The user's name, language and time zone ('': the browser's)."""

    name = StringField(_("Name"), NAME_CHECKS)
    language = StringField(_("Language"))
    time_zone = StringField(_("Time zone"))

    def __init__(self, languages: dict[str, str], **kwargs: Any) -> None:
        """``languages`` maps the codes on offer to the languages' own names."""
        super().__init__(**kwargs)
        self.languages = [("", _("As the browser says")), *languages.items()]
        self.zones = [("", _("As the device says")), *_zones()]
        self.language.validators = [_one_of(self.languages)]
        self.time_zone.validators = [_one_of(self.zones)]


def _one_of(choices: list[tuple[str, Any]]) -> AnyOf:
    return AnyOf([value for value, _label in choices], _("Choose one of the list."))


def _zones() -> list[tuple[str, str]]:
    """IANA zones named after places, such as Europe/Amsterdam, with readable labels."""
    places = {name for name in available_timezones() if "/" in name}
    wanted = {name for name in places if not name.startswith(("Etc/", "SystemV/", "US/"))}
    return [(name, name.replace("_", " ")) for name in sorted(wanted)]
