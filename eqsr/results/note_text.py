"""The text of the note on a SmartRecruiters profile."""

import uuid
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from eqsr.core import formats
from eqsr.core.extensions import settings
from eqsr.instruments.catalogue import Scale
from eqsr.instruments.naming import assessment_name
from eqsr.instruments.score_text import raw_value
from eqsr.instruments.scoring import ScaleScore
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.assessment_platform import offer_of
from eqsr.results import partner_results
from eqsr.sittings.missing import ended_sentence, missing_of
from eqsr.sittings.models import Sitting
from eqsr.sittings.records import instrument_for_reader, scores_of, sittings_of
from eqsr.smartrecruiters.messages import without_mentions

# Scales of a partner's result in the note; the profile shows the rest.
MAX_PARTNER_SCALES = 12
# SmartRecruiters accepts 10,000 characters (published OpenAPI). The mention of the candidate, and
# the characters that keep names from becoming mentions, are added to these.
MAX_CHARACTERS = 9_000


def details_url(candidate_id: uuid.UUID) -> str:
    """The address of the candidate's profile page, where *View details* leads."""
    return f"{settings.public_url}/candidates/{candidate_id}"


def note_of(invitation: Invitation, ended_at: datetime) -> str:
    """The note about an assessment that is completed or was ended, in the current language."""
    head = [_headline(invitation, ended_at), *_ended_by_clock(invitation)]
    if invitation.result_of_id and invitation.result_agreed_at:
        head.append(_used_again(invitation))
    tail = [
        _("One part of the picture: no score decides on its own."),
        # Checks look for the English words and this address.
        _("View details: %(url)s", url=details_url(invitation.application.candidate_id)),
    ]
    scores = [*_score_lines(invitation.id), *_partner_lines(invitation.id)]
    while scores and len("\n".join([*head, *scores, *tail])) > MAX_CHARACTERS:
        scores.pop()
    return without_mentions("\n".join([*head, *scores, *tail]))


def _used_again(invitation: Invitation) -> str:
    moments = [one.finished_at for one in sittings_of([invitation.id]) if one.finished_at]
    return str(
        _(
            "Taken on %(date)s for another job; the candidate agreed that it is used here.",
            date=formats.day(max(moments)) if moments else "?",
        )
    )


def _headline(invitation: Invitation, ended_at: datetime) -> str:
    offer = offer_of(invitation.job)
    facts = {
        "platform": settings.platform_name,
        "assessment": offer.name if offer else assessment_name(invitation.asks_for),
        "job": invitation.job.title,
        "date": formats.day(ended_at),
    }
    if invitation.state is InvitationState.PARTLY_COMPLETED:
        return str(
            _("%(platform)s, %(assessment)s for %(job)s: partly completed on %(date)s.", **facts)
        )
    return str(_("%(platform)s, %(assessment)s for %(job)s: completed on %(date)s.", **facts))


def _ended_by_clock(invitation: Invitation) -> list[str]:
    """What the clock ended, and what is missing; it is never left out for want of room."""
    said = ended_sentence(invitation)
    missing = missing_of(invitation)
    return [line for line in (said, _("Missing:") if missing else "", *missing) if line]


def _score_lines(invitation_id: uuid.UUID) -> list[str]:
    """One line per scale; with several instruments, each under its instrument's name."""
    # Of what the clock ended, a sitting may have scores without being finished.
    sittings = [one for one in sittings_of([invitation_id]) if one.finished_at or scores_of(one)]
    lines = []
    for sitting in sittings:
        if len(sittings) > 1:
            lines.append(_("%(instrument)s:", instrument=instrument_for_reader(sitting).name))
        lines += _lines_of(sitting)
    return lines


def _lines_of(sitting: Sitting) -> list[str]:
    if sitting.left_out:
        return [_("Left out by the candidate, which says nothing about them.")]
    scales = {scale.id: scale for scale in instrument_for_reader(sitting).scales}
    # Facets are measured less precisely, so only the profile shows them, with their margins.
    return [
        _score_line(scales[score.scale], ScaleScore(**score.outcome))
        for score in scores_of(sitting)
        if score.scale in scales
    ]


def _partner_lines(invitation_id: uuid.UUID) -> list[str]:
    found = partner_results.result_of(invitation_id)
    if found is None:
        return []
    head = _("Scored elsewhere, by %(platform)s:", platform=found.platform)
    return [head, *(_partner_line(scale) for scale in found.scales[:MAX_PARTNER_SCALES])]


def _partner_line(scale: dict[str, Any]) -> str:
    if "band" not in scale:
        return str(_("%(scale)s: %(value)s.", scale=scale["name"], value=scale["value"]))
    return str(
        _(
            "%(scale)s: %(value)s, give or take: %(low)s to %(high)s.",
            scale=scale["name"],
            value=scale["value"],
            low=scale["band"]["low"],
            high=scale["band"]["high"],
        )
    )


def _score_line(scale: Scale, score: ScaleScore) -> str:
    if not score.interpretable:
        return str(_("%(scale)s: not interpretable (see the details).", scale=scale.name))
    low, high = score.band_low, score.band_high
    if low is None or high is None:
        return str(
            _(
                "%(scale)s: %(value)s, no comparison group yet (%(left)s – %(right)s).",
                scale=scale.name,
                value=raw_value(score, scale),
                left=scale.low_pole,
                right=scale.high_pole,
            )
        )
    return str(
        _(
            "%(scale)s: %(sten)s of 10, give or take: %(low)s to %(high)s (%(left)s – %(right)s).",
            scale=scale.name,
            sten=score.sten,
            low=formats.number(low, 1, least=0),
            high=formats.number(high, 1, least=0),
            left=scale.low_pole,
            right=scale.high_pole,
        )
    )
