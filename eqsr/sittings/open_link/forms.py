"""Reading who signs up on an open link: name and address."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, StringField
from wtforms.validators import DataRequired, StopValidation, ValidationError

from eqsr.core.email_addresses import looks_like_address
from eqsr.core.messages import UserError
from eqsr.invitations.names import person_name


class NameField(StringField):
    """A name, checked and cleaned by person_name. A refused name stays as it was typed."""

    data: str | None

    def pre_validate(self, form: FlaskForm) -> None:
        """Clean the name. Raises StopValidation if it can't be one."""
        try:
            self.data = person_name(self.data)
        except UserError as error:
            raise StopValidation(_(error.sentence)) from None


class NamesForm(FlaskForm):
    """First and last name."""

    class Meta:
        csrf = False  # see sittings.pages

    first_name = NameField(_("First name"), [DataRequired(_("Enter your first name."))])
    last_name = NameField(_("Last name"), [DataRequired(_("Enter your last name."))])


def _like_an_address(_form: FlaskForm, field: EmailField) -> None:
    if not looks_like_address(field.data):
        raise ValidationError(_("That is not an e-mail address. It looks like name@example.org."))


class JoinByLinkForm(NamesForm):
    """Name and email address, on a job's open link."""

    email = EmailField(
        _("Email"),
        [
            DataRequired(_("Enter your e-mail address.")),
            _like_an_address,
        ],
    )
