"""Keyed hashes that stand for a candidate and an organisation beside what candidates answer."""

import uuid

from eqsr.core.extensions import settings
from eqsr.core.tokens import pseudonym


def person_hash(candidate_id: uuid.UUID) -> str:
    """The hash that stands for a candidate."""
    return pseudonym(settings.secret_key, "fairness person", candidate_id)


def organisation_hash(organisation_id: uuid.UUID) -> str:
    """The hash that stands for an organisation."""
    return pseudonym(settings.secret_key, "fairness organisation", organisation_id)
