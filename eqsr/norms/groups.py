"""An organisation's own comparison groups: who would be in them, and making them."""

import uuid
from collections import defaultdict
from dataclasses import asdict
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select

from eqsr.accounts.models import Organisation, User
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.candidates.models import Application
from eqsr.core.db import db, transaction
from eqsr.core.messages import UserError
from eqsr.instruments.catalogue import Instrument
from eqsr.instruments.scoring import local
from eqsr.instruments.scoring.norm_group import NormGroup
from eqsr.invitations.models import Invitation
from eqsr.norms.choosing import instrument_of
from eqsr.norms.models import LocalNorm
from eqsr.sittings.models import Score, Sitting


def make(organisation_id: uuid.UUID, instrument_id: str, user: User) -> LocalNorm:
    """Store today's group as a new version, or return the last one if nothing has changed.

    Raises UserError if there are too few people, or everyone has the same score on a scale.
    """
    instrument = instrument_of(instrument_id)
    with transaction() as session:
        # The lock keeps two requests at once from making the same version number.
        session.get_one(Organisation, organisation_id, with_for_update=True)
        groups = groups_of(organisation_id, instrument)
        people = min((group.n for group in groups.values()), default=0)
        if people < local.MIN_GROUP_SIZE or len(groups) < len(instrument.scales):
            raise UserError(
                _(
                    "A group of your own needs %(number)s people with readable answers.",
                    number=local.MIN_GROUP_SIZE,
                )
            )
        if any(group.sd == 0 for group in groups.values()):
            raise UserError("Everybody has the same score on a scale, so nothing can be compared.")
        own = own_norms(organisation_id, instrument)
        made = LocalNorm(
            organisation_id=organisation_id,
            instrument=instrument.id,
            instrument_version=instrument.version,
            version=_next_version(organisation_id, instrument),
            people=people,
            scales={
                scale: asdict(group) | {"quantiles": list(group.quantiles)}
                for scale, group in groups.items()
            },
            made_by_id=user.id,
        )
        if own and own[0].scales == made.scales:
            return own[0]
        session.add(made)
        session.flush()
        activity.audit(AuditAction.LOCAL_NORM_MADE, organisation_id, user.id, made.id)
        return made


def groups_of(organisation_id: uuid.UUID, instrument: Instrument) -> dict[str, NormGroup]:
    """Scale -> its group of raw scores.

    Each person counts once, with the sitting they finished first, and only if it is interpretable.
    """
    rows = db.session.execute(
        finished(
            organisation_id,
            instrument,
            Score.scale,
            Application.candidate_id,
            Score.outcome["raw"].as_float(),
        )
        .join(Score, Score.sitting_id == Sitting.id)
        .where(Score.is_current, Score.outcome["interpretable"].as_boolean())
        .order_by(Sitting.finished_at, Sitting.id)
    )
    raw: dict[str, dict[uuid.UUID, float]] = defaultdict(dict)
    for scale, candidate_id, value in rows:
        raw[scale].setdefault(candidate_id, value)
    scales = [scale.id for scale in instrument.scales]
    return {
        scale: local.group_of(list(raw[scale].values())) for scale in scales if len(raw[scale]) > 1
    }


def finished(
    organisation_id: uuid.UUID, instrument: Instrument, *columns: Any
) -> Select[*tuple[Any, ...]]:
    """Select ``columns`` of the organisation's sittings with this instrument that are finished."""
    return (
        select(*columns)
        .select_from(Sitting)
        .join(Invitation, Invitation.id == Sitting.invitation_id)
        .join(Application, Application.id == Invitation.application_id)
        .where(Invitation.organisation_id == organisation_id, Sitting.finished_at.is_not(None))
        # A result that was used again is counted where it was given.
        .where(Invitation.result_of_id.is_(None))
        .where(Sitting.instrument == instrument.id)
        .where(Sitting.instrument_version == instrument.version)
    )


def own_norms(organisation_id: uuid.UUID, instrument: Instrument) -> list[LocalNorm]:
    """The organisation's own norms for this version of the instrument, the latest first."""
    return [
        norm
        for norm in _all_own(organisation_id, instrument)
        if norm.instrument_version == instrument.version
    ]


def _all_own(organisation_id: uuid.UUID, instrument: Instrument) -> list[LocalNorm]:
    query = select(LocalNorm).where(
        LocalNorm.organisation_id == organisation_id, LocalNorm.instrument == instrument.id
    )
    return list(db.session.scalars(query.order_by(LocalNorm.version.desc())))


def _next_version(organisation_id: uuid.UUID, instrument: Instrument) -> int:
    return max((norm.version for norm in _all_own(organisation_id, instrument)), default=0) + 1
