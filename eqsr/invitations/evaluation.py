"""Why an application is evaluated, and the lines that this leaves in the activity log."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.models import Application


@dataclass(frozen=True)
class EvaluationCause:
    """Why an application is evaluated.

    ``name`` tells causes apart (an event's id): each logs a line once. ``kind`` is the activity
    that it logs (``MOVE_SEEN``, ``MOVE_FOUND``). ``just_moved``: an event reported this very move.
    ``second_look``: accept that the application is gone if it seems to be. ``waited``: the grace
    period after the move has ended. ``reported_at``: when the move was reported, if a read that
    does not show it yet is to be repeated (invitations.read_lag).
    """

    name: str
    kind: ActivityKind
    just_moved: bool
    second_look: bool = True
    waited: bool = False
    reported_at: datetime | None = None


def log_once(
    application: Application,
    cause: EvaluationCause,
    kind: ActivityKind,
    job_id: uuid.UUID | None = None,
    **facts: Any,
) -> None:
    """Log an activity about the application, unless this cause has logged that kind already."""
    organisation_id = application.organisation_id
    activity.log_once(kind, organisation_id, application.id, cause.name, job_id=job_id, **facts)
