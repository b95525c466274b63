"""Forms about a job, and parsers of single form values."""

import unicodedata
import uuid

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField
from wtforms.validators import AnyOf, DataRequired, Length

from eqsr.core.messages import UserError
from eqsr.jobs.models import JobKind
from eqsr.screens.jobs.assessment_choice.forms import AssessmentForm


def _one_line(text: str | None) -> str:
    """The text without control characters, which a database may refuse, and extra spaces."""
    plain = (" " if unicodedata.category(letter) == "Cc" else letter for letter in text or "")
    return " ".join("".join(plain).split())


class JobForm(AssessmentForm):
    """``id`` is generated with the form, so that submitting it twice creates one job."""

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


def as_uuid(text: str | None) -> uuid.UUID | None:
    """Parse a UUID from a form or an address; None if it is not one."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def as_days(text: str | None) -> list[int]:
    """Parse days such as ``3, 7``. Raises UserError for anything else."""
    words = (text or "").replace(",", " ").replace(";", " ").split()
    if not all(word.isascii() and word.isdigit() and len(word) < 4 for word in words):
        raise UserError("Give the days as numbers, such as 3, 7.")
    return [int(word) for word in words]
