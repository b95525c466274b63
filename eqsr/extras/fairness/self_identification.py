"""A candidate's self-identification: given after they have finished, and stored apart.

Scoring never sees any of this: nothing in sittings imports this room.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from eqsr.core.db import db, transaction
from eqsr.core.messages import UserError
from eqsr.extras.fairness.categories import RACE, SEX
from eqsr.extras.fairness.models import SelfIdentification
from eqsr.extras.fairness.pseudonyms import (
    organisation_hash,
    organisation_hashes,
    person_hash,
    person_hashes,
)
from eqsr.extras.fairness.service import asks
from eqsr.invitations import service as invitations
from eqsr.invitations.models import Invitation, InvitationState


def may_answer(invitation: Invitation) -> bool:
    """Whether the candidate may answer: only after finishing, so that it can't seem to affect the
    result."""
    finished = invitation.state is InvitationState.COMPLETED and not invitation.erased
    return finished and asks(invitation.organisation_id)


def record_answers(invitation: Invitation, sex: str, race: str) -> None:
    """Replace the candidate's answers by these; if both are empty, delete them.

    Raises UserError for an unknown category, and when there is nothing to answer now.
    """
    if not may_answer(invitation):
        raise UserError("There is nothing to say here now.")
    if sex not in ("", *SEX) or race not in ("", *RACE):
        raise UserError("Choose from the list, or leave it open.")
    with transaction() as session:
        # Pressed twice, it is recorded once.
        candidate_id = invitations.locked(invitation.id).application.candidate_id
        forget(candidate_id)
        if sex or race:
            session.add(
                SelfIdentification(
                    person=person_hash(candidate_id),
                    organisation=organisation_hash(invitation.organisation_id),
                    sex=sex or None,
                    race=race or None,
                )
            )


def forget(candidate_id: uuid.UUID) -> None:
    """Delete the candidate's answers; joins the transaction."""
    with transaction() as session:
        session.execute(
            delete(SelfIdentification).where(
                SelfIdentification.person.in_(person_hashes(candidate_id))
            )
        )


def move(source_id: uuid.UUID, target_id: uuid.UUID) -> None:
    """Keep the answers under the candidate that a merge leaves; joins the transaction.

    If both have answered, the ones of the candidate that is left stay.
    """
    session = db.session()
    by_target = SelfIdentification.person.in_(person_hashes(target_id))
    if session.scalar(select(SelfIdentification.person).where(by_target)) is not None:
        forget(source_id)
        return
    by_source = SelfIdentification.person.in_(person_hashes(source_id))
    after = person_hash(target_id)
    session.execute(update(SelfIdentification).where(by_source).values(person=after))


@dataclass(frozen=True)
class SelfIdentifications:
    """The answers of an organisation's candidates, by the hashes that stand for them."""

    known: Mapping[str, tuple[str | None, str | None]]

    @property
    def answers(self) -> int:
        """How many people have answered."""
        return len(self.known)

    def get(self, candidate_id: uuid.UUID) -> tuple[str | None, str | None]:
        """The candidate's (sex, race), None for what they did not say."""
        hashes = person_hashes(candidate_id)
        return next((self.known[one] for one in hashes if one in self.known), (None, None))


def answers_of(organisation_id: uuid.UUID) -> SelfIdentifications:
    """Read the answers of an organisation's candidates."""
    rows = db.session.scalars(
        select(SelfIdentification).where(
            SelfIdentification.organisation.in_(organisation_hashes(organisation_id))
        )
    )
    return SelfIdentifications({row.person: (row.sex, row.race) for row in rows})
