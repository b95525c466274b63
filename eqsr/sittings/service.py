"""Starting a part of an assessment, and choosing the language of the candidate's pages."""

import secrets
import uuid

from sqlalchemy import select

from eqsr.core.db import transaction
from eqsr.core.messages import UserError
from eqsr.instruments import tasks
from eqsr.instruments.catalogue import Instrument
from eqsr.invitations import progress
from eqsr.invitations.models import Invitation
from eqsr.sittings.current_taking import present_taking, taking
from eqsr.sittings.models import Sitting
from eqsr.sittings.standing import OVER, Closed, Standing, closed
from eqsr.sittings.taking import Taking

TIME_FACTORS = (1, 1.25, 1.5, 2)
"""Factors for extra time, which any candidate may choose before the start."""


def choose_language(invitation_id: uuid.UUID, language: str) -> None:
    """Set the language of the candidate's pages. A part that was started stays in its language."""
    with transaction() as session:
        session.get_one(Invitation, invitation_id).language = language


def start(
    invitation_id: uuid.UUID,
    *,
    device: str = "",
    time_factor: float | None = None,
    seed: int | None = None,
) -> Taking:
    """Start the next part, or return the one under way: starting twice makes one sitting.

    ``device``: the browser's User-Agent. ``time_factor``: one of TIME_FACTORS; None means that of
    the part before. ``seed``: for the trials of a task; random by default. Raises Closed if the
    invitation can no longer be taken, and UserError for an unknown factor.
    """
    if time_factor is not None and time_factor not in TIME_FACTORS:
        raise UserError("Choose how much time you need from the list.")
    with transaction() as session:
        session.execute(
            select(Invitation.id).where(Invitation.id == invitation_id).with_for_update()
        )
        found = taking(invitation_id)
        if found is None:
            raise Closed("This link does not lead to an invitation.")
        if found.standing == Standing.READY:
            sitting = Sitting(
                invitation_id=invitation_id,
                instrument=found.instrument.id,
                instrument_version=found.instrument.version,
                language=found.instrument.language,
                device=device[:300],
                time_factor=found.time_factor if time_factor is None else time_factor,
            )
            if found.instrument.kind == "task":
                _add_trials(sitting, found.instrument, seed)
            session.add(sitting)
            session.flush()
            progress.started(invitation_id)
            return present_taking(invitation_id)
        if found.standing in OVER:
            raise closed(found.standing)
        return found


def _add_trials(sitting: Sitting, instrument: Instrument, seed: int | None) -> None:
    """Give a task's sitting its seed, random unless given, and the trials made from it."""
    # Practice is made from the next number; both fit a signed 64-bit column.
    sitting.seed = secrets.randbits(62) if seed is None else seed
    trials = tasks.generate(instrument, sitting.seed, time_factor=sitting.time_factor)
    sitting.trials = [trial.to_dict() for trial in trials]
