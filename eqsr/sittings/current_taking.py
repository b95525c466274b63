"""Finding out what the holder of a candidate's link can do now."""

import uuid
from datetime import timedelta

from eqsr.instruments import catalogue
from eqsr.invitations import service as invitations
from eqsr.invitations.email_facts import candidate_language
from eqsr.invitations.models import TIME_TO_FINISH
from eqsr.sittings.parts import SittingPart, part_of
from eqsr.sittings.records import answers_of, sittings_of
from eqsr.sittings.standing import standing_of
from eqsr.sittings.taking import Taking


def taking(invitation_id: uuid.UUID, instrument_id: str | None = None) -> Taking | None:
    """What the holder of this invitation's link can do now; None if there is no such invitation.

    The part is the next one, or that of ``instrument_id``; None if there is no such part. Parts
    that were not started are in the candidate's language.
    """
    invitation = invitations.get(invitation_id)
    if invitation is None:
        return None
    language = candidate_language(invitation)
    sittings = {sitting.instrument: sitting for sitting in sittings_of([invitation.id])}
    ids = catalogue.assessment(invitation.asks_for).instruments
    parts = tuple(part_of(one, sittings.get(one), language) for one in ids)
    unfinished = [part for part in parts if not part.finished]
    part = unfinished[0] if unfinished else parts[-1]
    if instrument_id is not None:
        named = [one for one in parts if one.instrument.id == instrument_id]
        if not named:
            return None
        part = named[0]
    closes_at = invitation.expires_at + (TIME_TO_FINISH if sittings else timedelta())
    return Taking(
        invitation=invitation,
        parts=parts,
        part=part,
        standing=standing_of(invitation, part.sitting, closes_at, part.finished or not unfinished),
        closes_at=closes_at,
        answers=_answers(part),
    )


def present_taking(invitation_id: uuid.UUID, instrument_id: str | None = None) -> Taking:
    """Like ``taking``, for an invitation and part that exist. Raises LookupError otherwise."""
    found = taking(invitation_id, instrument_id)
    if found is None:
        raise LookupError(f"no invitation {invitation_id}, or no part {instrument_id}")
    return found


def _answers(part: SittingPart) -> dict[int, int]:
    if part.sitting is None or part.is_task:
        return {}
    return {item: row.value for item, row in answers_of(part.sitting).items()}
