"""The tags and the note that a SmartRecruiters profile should show; service.py writes them."""

from dataclasses import dataclass

from flask_babel import gettext as _

from eqsr.core import formats
from eqsr.core.extensions import settings
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.results.note_text import note_of


@dataclass(frozen=True)
class Goal:
    """What the profile should show.

    ``tags`` are only ever added, in this order. ``note`` is None until there is a result.
    """

    tags: tuple[str, ...]
    note: str | None


def goal(invitation: Invitation) -> Goal:
    """Derive the goal from the invitation's stored state, so that a retry gives the same goal."""
    # The hiring team reads it, so it is in the organisation's language and tells its days.
    organisation = invitation.job.organisation
    with formats.written_for(organisation.language, organisation.time_zone):
        ended_at = invitation.result_at
        names = {"platform": settings.platform_name}
        tags = []
        if invitation.sent_at or ended_at:
            tags.append(_("%(platform)s invited", **names)[:50])
        # It stays a tag once time was given again, as tags are counted and never taken away.
        if invitation.partly_completed_at:
            tags.append(_("%(platform)s partly completed", **names)[:50])
        if invitation.state is InvitationState.COMPLETED:
            tags.append(_("%(platform)s completed", **names)[:50])
        return Goal(tuple(tags), note_of(invitation, ended_at) if ended_at else None)
