"""What a candidate sends: who they are, on an open link, how much time they need, and answers."""

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
    """A name that is one; ``data`` without what nobody sees. What is refused stays as typed."""

    def pre_validate(self, form: FlaskForm) -> None:
        try:
            self.data = person_name(self.data)
        except UserError as error:
            raise StopValidation(_(error.sentence)) from None


class NamesForm(FlaskForm):
    class Meta:
        csrf = False  # see views

    first_name = NameField(_("First name"), [DataRequired(_("Enter your first name."))])
    last_name = NameField(_("Last name"), [DataRequired(_("Enter your last name."))])


def _like_an_address(_form: FlaskForm, field: EmailField) -> None:
    if not looks_like_address(field.data):
        raise ValidationError(_("That is not an e-mail address. It looks like name@example.org."))


class JoinByLinkForm(NamesForm):
    email = EmailField(
        _("Email"),
        [
            DataRequired(_("Enter your e-mail address.")),
            _like_an_address,
        ],
    )


def one_answer(form: Mapping[str, str]) -> dict[int, ItemResponse]:
    """The answer that a script sends at once. Raises UserError for anything but numbers."""
    item = _number(form.get("item"))
    return {item: ItemResponse(_number(form.get("value")), _milliseconds(form.get("response_ms")))}


def answers_of_page(items: Iterable[Item], form: Mapping[str, str]) -> dict[int, ItemResponse]:
    """The answers of one page of questions that were given or changed on it.

    What the page showed when it was made comes back as ``was-…``. An answer that still is what it
    was is left out, so that an old page does not undo what was answered elsewhere since.
    """
    given = {}
    for item in items:
        value = form.get(f"item-{item.number}")
        if value and value != form.get(f"was-{item.number}"):
            milliseconds = _milliseconds(form.get(f"ms-{item.number}"))
            given[item.number] = ItemResponse(_number(value), milliseconds)
    return given


def time_factor(form: Mapping[str, str]) -> float | None:
    """How much time the person asked for; None when the page did not ask."""
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
    """A time that makes no sense is no reason to lose the answer."""
    text = (text or "").partition(".")[0]
    usable = text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if usable else None
