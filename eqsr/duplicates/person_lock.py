"""Letting one transaction at a time decide about a person, on whatever profiles and jobs."""

import hashlib

from sqlalchemy import func, select

from eqsr.candidates.models import Candidate
from eqsr.core.db import db


def hold(candidate: Candidate) -> None:
    """Make others who decide about the same person wait until the transaction ends.

    Take it before the lock on a job's row. No row stands for a person, and another profile may be
    inserted by a transaction that has not ended, so what makes two profiles one person is locked:
    the address and the phone number, by PostgreSQL's advisory locks. (Two keys that hash to one
    number only wait for each other.) On SQLite, a transaction has the whole database.
    """
    session = db.session()
    if session.get_bind().dialect.name != "postgresql":
        return
    for number in _numbers(candidate):  # in one order, so that no two wait for each other
        session.execute(select(func.pg_advisory_xact_lock(number)))


def _numbers(candidate: Candidate) -> list[int]:
    """The locks' keys, which PostgreSQL takes as signed 64-bit numbers."""
    keys = {"address": candidate.address_key, "phone": candidate.phone}
    texts = [f"{candidate.organisation_id} {kind} {key}" for kind, key in keys.items() if key]
    digests = [hashlib.sha256(text.encode()).digest() for text in texts]
    return sorted(int.from_bytes(digest[:8], signed=True) for digest in digests)
