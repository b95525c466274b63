"""What SmartRecruiters' profile is to say. Words only; how they get there is in service.py."""

import uuid
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale, format_date
from flask_babel import gettext as _
from sqlalchemy import select

from eqsr.assessments.catalogue import assessment, instrument
from eqsr.assessments.models import Score, Sitting
from eqsr.db import db
from eqsr.elsewhere import service as elsewhere
from eqsr.extensions import settings
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.platforms.choosing import offer_of
from eqsr.smartrecruiters.messages import without_mentions

# A note stays short; the profile shows the rest.
MOST_LINES = 12


@dataclass(frozen=True)
class Goal:
    """What the profile must show. ``note`` is None as long as there is no result."""

    tags: tuple[str, ...]
    note: str | None


def goal(invitation: Invitation) -> Goal:
    """Derived from the invitation alone, so that doing it again gives the same."""
    tags = []
    if invitation.sent_at or invitation.state is InvitationState.COMPLETED:
        tags.append(f"{settings.platform_name} invited"[:50])
    if invitation.state is not InvitationState.COMPLETED:
        return Goal(tuple(tags), None)
    tags.append(f"{settings.platform_name} completed"[:50])
    return Goal(tuple(tags), _note(invitation))


def details_url(candidate_id: uuid.UUID) -> str:
    """Where *View details* leads."""
    return f"{settings.public_url}/candidates/{candidate_id}"


def _note(invitation: Invitation) -> str:
    chosen = offer_of(invitation.job) or assessment(invitation.asks_for)
    # Notes are read by the whole hiring team; their language is the installation's.
    with force_locale("en"):
        lines = [
            _(
                "%(platform)s, %(assessment)s for %(job)s: completed on %(date)s.",
                platform=settings.platform_name,
                assessment=chosen.name,
                job=invitation.job.title,
                date=format_date(invitation.completed_at, "d MMMM yyyy"),
            ),
            *_score_lines(invitation.id),
            *_lines_from_elsewhere(invitation.id),
            _("One part of the picture: no score decides on its own."),
        ]
    # The words "View details" and this address are what recruiters and checks look for.
    lines.append(f"View details: {details_url(invitation.application.candidate_id)}")
    return without_mentions("\n".join(lines))


def _score_lines(invitation_id: uuid.UUID) -> list[str]:
    rows = db.session.execute(
        select(Sitting, Score)
        .join(Score, Score.sitting_id == Sitting.id)
        .where(Sitting.invitation_id == invitation_id, Score.is_current)
        .order_by(Score.created_at, Score.id)
    ).all()
    return [_score_line(sitting, score) for sitting, score in rows]


def _lines_from_elsewhere(invitation_id: uuid.UUID) -> list[str]:
    found = elsewhere.result_of(invitation_id)
    if found is None:
        return []
    head = _("Scored elsewhere, by %(platform)s:", platform=found.platform)
    return [head, *(_line_from_elsewhere(scale) for scale in found.scales[:MOST_LINES])]


def _line_from_elsewhere(scale: dict[str, Any]) -> str:
    if "band" not in scale:
        return _("%(scale)s: %(value)s.", scale=scale["name"], value=scale["value"])
    return _(
        "%(scale)s: %(value)s, give or take: %(low)s to %(high)s.",
        scale=scale["name"],
        value=scale["value"],
        low=scale["band"]["low"],
        high=scale["band"]["high"],
    )


def _score_line(sitting: Sitting, score: Score) -> str:
    kind = instrument(sitting.instrument, sitting.instrument_version)
    scale = next(scale for scale in kind.scales if scale.id == score.scale)
    outcome = score.outcome
    if not outcome["interpretable"]:
        return _("%(scale)s: not interpretable (see the details).", scale=scale.name)
    return _(
        "%(scale)s: %(sten)s of 10, give or take: %(low)s to %(high)s (%(left)s – %(right)s).",
        scale=scale.name,
        sten=outcome["sten"],
        low=_short(outcome["band_low"]),
        high=_short(outcome["band_high"]),
        left=scale.low_pole,
        right=scale.high_pole,
    )


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
