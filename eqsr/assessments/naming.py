"""What assessments are called, in the language in force."""

from flask_babel import get_locale, gettext

from eqsr.assessments import catalogue


def assessment_name(assessment_id: str) -> str:
    """The name of a ready-made assessment, or of the instruments in it. Raises KeyError."""
    ready_made = {one.id: one.name for one in catalogue.ASSESSMENTS}
    if assessment_id in ready_made:
        return gettext(ready_made[assessment_id])
    language = reading()
    ids = catalogue.assessment(assessment_id).instruments
    return ", ".join(catalogue.instrument(one, language=language).name for one in ids)


def reading() -> str:
    """The code of the language in force."""
    return str(get_locale() or "en")
