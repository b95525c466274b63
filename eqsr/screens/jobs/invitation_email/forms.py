"""The form of a job's invitation mail."""

from collections.abc import Mapping

from eqsr.core.messages import UserError
from eqsr.invitations import wording_checks
from eqsr.invitations.wording import Words
from eqsr.organisations.service import LANGUAGES


def language_of(form: Mapping[str, str]) -> str:
    """Empty for the organisation's. Raises UserError."""
    language = form.get("language", "")
    if language and language not in LANGUAGES:
        raise UserError("Choose one of the languages.", field="language")
    return language


def typed(form: Mapping[str, str]) -> Words:
    """As it was typed, to be shown again."""
    return Words(
        form.get("subject", "")[:500], form.get("greeting", "")[:500], form.get("body", "")[:9000]
    )


def checked(form: Mapping[str, str]) -> Words:
    """Raises UserError with what is missing."""
    words = typed(form)
    return wording_checks.checked(words.subject, words.greeting, words.body)
