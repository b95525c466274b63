"""Forms of staff (a customer, a link) and of the customer's admin (the credential)."""

import uuid
from contextlib import suppress

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Length, Regexp, ValidationError

# Printable ASCII without blanks, as OAuth client ids and secrets are (RFC 6749, appendix A).
_ONE_WORD = Regexp(
    r"^[\x21-\x7e]*$", message=_("Copy it again: it has a blank or a sign that does not belong.")
)


def _trimmed(text: str | None) -> str:
    return (text or "").strip()


class CustomerForm(FlaskForm):
    """Staff add a customer. ``id`` is made with the form: sent twice, it makes one customer."""

    id = HiddenField()
    name = StringField(
        _("Name of the customer"),
        [DataRequired(_("Enter a name.")), Length(max=200)],
        filters=[_trimmed],
    )

    @property
    def organisation_id(self) -> uuid.UUID | None:
        """The new customer's id; None if it is not one of ours."""
        with suppress(ValueError):
            return uuid.UUID(self.id.data or "")
        return None


class LinkForm(FlaskForm):
    """Staff make an onboarding link, and may have it emailed."""

    email = EmailField(
        _("Administrator's email"),
        [DataRequired(_("Enter the e-mail address of their administrator.")), Length(max=254)],
        filters=[_trimmed],
    )
    mail_now = BooleanField(_("Mail it now"))


class CredentialsForm(FlaskForm):
    """The customer's admin pastes a SmartRecruiters credential."""

    client_id = StringField(
        _("Client ID"),
        [DataRequired(_("Paste the Client ID.")), Length(max=300), _ONE_WORD],
        filters=[_trimmed],
    )
    client_secret = PasswordField(
        _("Client Secret"),
        [DataRequired(_("Paste the Client Secret.")), Length(max=2000), _ONE_WORD],
        filters=[_trimmed],
    )

    def validate_client_id(self, field: StringField) -> None:
        """Refuse an API key."""
        # SmartRecruiters' API keys start like this (the example in their documentation).
        if field.data.startswith("DCRA1-"):
            raise ValidationError(
                _(
                    "This is an API key, not a Client ID. Make a new credential and choose OAuth "
                    "Client ID as its kind."
                )
            )

    def validate_client_secret(self, field: PasswordField) -> None:
        """Refuse the Client ID pasted a second time."""
        if field.data == self.client_id.data:
            raise ValidationError(
                _("This is the Client ID again. Paste the Client Secret, which stands below it.")
            )
