"""Names of assessments, and texts from files, in the current language."""

from flask_babel import get_locale, gettext

from eqsr.core.messages import N_
from eqsr.core.stored_messages import render
from eqsr.instruments import catalogue

# The sentences in the norm files, listed for translation; a test compares them with the files.
NORM_SENTENCES = (
    N_("People who took the same items online, 2016-2018"),
    N_(
        "Volunteers from all over the world who took a free English-language personality test"
        " on the web and agreed to research use. One pooled group: never split by sex, age or"
        " anything else about a person."
    ),
    N_(
        "These people chose to take a test on the web. They are not a sample of job "
        "applicants, nor of any country's working population."
    ),
    N_(
        "They had nothing to gain by their answers. Applicants tend to describe themselves "
        "more favourably, so applicants will on average stand higher on most scales than this"
        " group."
    ),
    N_(
        'The online form put "I" before each phrase and asked how much people agree; this '
        "questionnaire asks how accurate each phrase is."
    ),
    N_(
        "Only the mean and the spread of the group are used: how many people stand lower is "
        "reckoned as if scores were spread in the shape of a bell, which is rough."
    ),
    N_(
        "The means and standard deviations come from one public computation, published in two"
        " versions (all records, and a random 70 per cent of them) that agree within 0.002. The "
        "count of complete records (874,434 of 1,015,341, before one record per address was "
        "kept) was confirmed in an independent public analysis; the means and standard "
        "deviations themselves were not recomputed from the raw data."
    ),
    N_(
        "The authors of the item pool advise local norms over published ones. Replace this "
        "group by a local one as soon as 100 people of your own have answered."
    ),
)


def assessment_name(assessment_id: str) -> str:
    """The name of a ready-made assessment, or the names of its instruments. Raises KeyError."""
    ready_made = {one.id: one.name for one in catalogue.ASSESSMENTS}
    if assessment_id in ready_made:
        name: str = gettext(ready_made[assessment_id])
        return name
    language = reading()
    ids = catalogue.assessment(assessment_id).instruments
    return ", ".join(catalogue.instrument(one, language=language).name for one in ids)


def translated(text: str) -> str:
    """Translate a stored text, if the message catalogue has it; else return it unchanged."""
    return render(text)


def reading() -> str:
    """The code of the current language."""
    return str(get_locale() or "en")
