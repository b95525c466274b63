"""Keyed hashes that stand for a candidate and an organisation beside what candidates answer.

Those made with an earlier SECRET_KEY are found too, as long as it is one of SECRET_KEY_FALLBACKS.
"""

import uuid

from eqsr.core.extensions import settings
from eqsr.core.tokens import pseudonym


def person_hash(candidate_id: uuid.UUID) -> str:
    """The hash that stands for a candidate."""
    return person_hashes(candidate_id)[0]


def person_hashes(candidate_id: uuid.UUID) -> list[str]:
    """The hashes that stand for a candidate, by the current key and by the earlier ones."""
    return _hashes("fairness person", candidate_id)


def organisation_hash(organisation_id: uuid.UUID) -> str:
    """The hash that stands for an organisation."""
    return organisation_hashes(organisation_id)[0]


def organisation_hashes(organisation_id: uuid.UUID) -> list[str]:
    """The hashes that stand for an organisation, by the current key and by the earlier ones."""
    return _hashes("fairness organisation", organisation_id)


def _hashes(purpose: str, subject: uuid.UUID) -> list[str]:
    return [pseudonym(key, purpose, subject) for key in settings.secret_keys]
