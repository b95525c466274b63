"""Reading what a candidate sends: name and address on an open link, extra time, and answers."""

from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, StringField
from wtforms.validators import DataRequired, StopValidation, ValidationError

from eqsr.core.email_addresses import looks_like_address
from eqsr.core.messages import UserError
from eqsr.instruments.catalogue import Item
from eqsr.instruments.scoring import ItemResponse
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
        csrf = False  # see sittings.views

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


def one_answer(form: Mapping[str, str]) -> dict[int, ItemResponse]:
    """Read one answer (item number -> answer), as a script sends it.

    Raises UserError if the item or the value is not a number.
    """
    item = _number(form.get("item"))
    return {item: ItemResponse(_number(form.get("value")), _milliseconds(form.get("response_ms")))}


def answers_of_page(items: Iterable[Item], form: Mapping[str, str]) -> dict[int, ItemResponse]:
    """Read the answers that were given or changed on one page of questions.

    ``was-…`` is the answer that the page showed at first. An unchanged answer is left out, so that
    an old page does not overwrite newer answers from another device.
    """
    given = {}
    for item in items:
        value = form.get(f"item-{item.number}")
        if value and value != form.get(f"was-{item.number}"):
            milliseconds = _milliseconds(form.get(f"ms-{item.number}"))
            given[item.number] = ItemResponse(_number(value), milliseconds)
    return given


def time_factor(form: Mapping[str, str]) -> float | None:
    """Read the factor for extra time; None if the page did not ask. Raises UserError."""
    text = form.get("time_factor")
    try:
        return float(text) if text else None
    except ValueError:
        raise UserError("Choose how much time you need from the list.") from None


def _number(text: str | None) -> int:
    text = text or ""
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise UserError("That answer was not understood. Reload the page and try again.")
    return int(text)


def _milliseconds(text: str | None) -> int | None:
    # An unusable time becomes None, so that the answer is not lost.
    text = (text or "").partition(".")[0]
    usable = text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if usable else None
