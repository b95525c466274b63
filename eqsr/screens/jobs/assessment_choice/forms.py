"""The form in which an assessment is chosen."""

from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField
from wtforms.validators import AnyOf, ValidationError

from eqsr.instruments.catalogue import Instrument, assessments, offered
from eqsr.instruments.naming import reading

OWN_CHOICE = "own"


class AssessmentForm(FlaskForm):
    """A ready-made assessment, or instruments of one's own choice in one's own order.

    ``instruments`` come in the order in which the page lists them, those that are ticked first;
    ``up`` or ``down`` moves one of them, without anything being saved.
    """

    assessment = StringField(_("Which assessment"))
    instruments = SelectMultipleField(_("What candidates take"))

    def __init__(self, *args: Any, chosen: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = chosen or assessments()[0].id
        ticked = request.form.getlist("instruments") if self.is_submitted() else chosen.split("+")
        self.listed = _listed(ticked, request.form.getlist("order"))
        self.instruments.choices = [(one.id, one.name) for one in self.listed]
        offered = [one.id for one in assessments()]
        self.assessment.validators = [
            AnyOf([*offered, OWN_CHOICE], _("Choose an assessment.")),
        ]
        if not self.is_submitted():
            self.assessment.data = chosen if chosen in offered else OWN_CHOICE
            self.instruments.data = chosen.split("+")

    def validate_instruments(self, field: SelectMultipleField) -> None:
        """Raise ValidationError unless one's own choice holds an instrument."""
        if self.assessment.data == OWN_CHOICE and not field.data:
            raise ValidationError(_("Choose at least one."))

    @property
    def moves(self) -> bool:
        """Whether the form was only sent to reorder the instruments or update the total time."""
        return bool(request.form.keys() & {"up", "down", "again"})

    @property
    def cards(self) -> list[dict[str, str]]:
        """Radio cards: each ready-made assessment, then one's own choice."""
        ready_made = [
            {
                "value": one.id,
                "title": f"{gettext(one.name)} · "
                + gettext("%(minutes)s minutes", minutes=one.minutes),
                "text": gettext(one.description),
            }
            for one in assessments()
        ]
        own = {
            "value": OWN_CHOICE,
            "title": gettext("My own choice"),
            "text": gettext("Pick the parts and their order below."),
        }
        return [*ready_made, own]

    @property
    def minutes(self) -> int:
        """Total minutes of the ticked instruments."""
        return sum(one.minutes for one in self.listed if one.id in (self.instruments.data or ()))

    @property
    def assessment_id(self) -> str:
        """The id of the chosen assessment; see instruments.catalogue."""
        if self.assessment.data != OWN_CHOICE:
            return self.assessment.data
        chosen = [one.id for one in self.listed if one.id in self.instruments.data]
        return "+".join(chosen)


def _listed(ticked: list[str], before: list[str]) -> list[Instrument]:
    """Every instrument: those that are ticked in the order in which the page listed them, one of
    them moved by a place when the form asks for it; then the rest."""
    known = {one.id: one for one in offered(reading())}
    first = [one for one in dict.fromkeys(ticked) if one in known]
    for name, step in (("up", -1), ("down", 1)):
        moved = request.form.get(name)
        if moved in first:
            place = first.index(moved)
            first.insert(min(max(place + step, 0), len(first) - 1), first.pop(place))
    rest = dict.fromkeys([*before, *known])
    return [known[one] for one in [*first, *(o for o in rest if o in known and o not in first)]]
