"""What people fill in about a job."""

import unicodedata
import uuid

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import AnyOf, DataRequired, Length

from eqsr.assessments.catalogue import assessments
from eqsr.jobs.models import JobKind
from eqsr.plain import PlainError


def _one_line(text: str | None) -> str:
    """Without control characters, which a database may refuse, and without stray spaces."""
    plain = (" " if unicodedata.category(letter) == "Cc" else letter for letter in text or "")
    return " ".join("".join(plain).split())


class JobForm(FlaskForm):
    """``id`` is made with the form, so that sending it twice makes one job."""

    id = HiddenField()
    kind = StringField(
        _("Type"),
        [AnyOf([kind.value for kind in JobKind], _("Choose a type."))],
        default=JobKind.ATS.value,
    )
    title = StringField(
        _("Title"),
        [
            DataRequired(_("Give the job a title.")),
            Length(max=200, message=_("A title can have at most 200 characters.")),
        ],
        filters=[_one_line],
    )
    assessment = StringField(_("Which assessment"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offered = [assessment.id for assessment in assessments()]
        self.assessment.validators = [AnyOf(offered, _("Choose an assessment."))]
        if len(offered) == 1 and not self.assessment.data:
            self.assessment.data = offered[0]


def as_uuid(text: str | None) -> uuid.UUID | None:
    """A UUID out of a form or an address; None for anything else."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def as_days(text: str | None) -> list[int]:
    """Numbers out of ``3, 7``. Raises PlainError for anything else."""
    words = (text or "").replace(",", " ").replace(";", " ").split()
    if not all(word.isascii() and word.isdigit() and len(word) < 4 for word in words):
        raise PlainError("Give the days as numbers, such as 3, 7.")
    return [int(word) for word in words]
