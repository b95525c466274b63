"""The invitations of a job with their scores, as the rows of a file for a spreadsheet."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import and_, select

from eqsr.core import formats
from eqsr.core.db import db
from eqsr.instruments import catalogue
from eqsr.instruments.catalogue import Scale
from eqsr.instruments.scoring import ScaleScore
from eqsr.invitations.models import WITH_RESULT, Invitation, InvitationState
from eqsr.jobs.instruments import instruments_of
from eqsr.jobs.models import Job
from eqsr.screens.jobs.invitation_list import InvitationFilter, in_order
from eqsr.screens.profile.wording import score_line
from eqsr.sittings.missing import missing_of
from eqsr.sittings.models import Score, Sitting

ROWS_AT_MOST = 50_000
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class ScoreColumn:
    """A column with the scores on one scale."""

    instrument: str
    heading: str
    scale: Scale


def rows(job: Job, wish: InvitationFilter, language: str) -> Iterator[list[str]]:
    """The headings, and a row per invitation that the list shows, by the reader's clock."""
    columns = _columns(job, language)
    yield [*_headings(), *(column.heading for column in columns)]
    query = in_order(job, wish).limit(ROWS_AT_MOST)
    for some in db.session.scalars(query).partitions(ROWS_AT_ONCE):
        scores = _scores([one.id for one in some]) if columns else {}
        for one in some:
            yield [*_facts(one), *(_score(one, column, scores) for column in columns)]


def _headings() -> list[str]:
    moments = (
        _("Invited"),
        _("Sent"),
        _("Opened"),
        _("Started"),
        _("Completed"),
        _("Open until"),
    )
    zone = formats.zone_of_reader()
    facts = [_("Name"), _("E-mail"), _("State"), _("Attempt")]
    return [*facts, *(f"{moment} ({zone})" for moment in moments), _("Missing")]


def _columns(job: Job, language: str) -> list[ScoreColumn]:
    parts = [catalogue.instrument(part, language=language) for part in instruments_of(job)]
    return [
        ScoreColumn(part.id, f"{part.name}: {scale.name}" if len(parts) > 1 else scale.name, scale)
        for part in parts
        for scale in part.scales
    ]


def _facts(invitation: Invitation) -> list[str]:
    moments = (
        invitation.queued_at,
        invitation.sent_at,
        invitation.opened_at,
        invitation.started_at,
        invitation.completed_at,
        invitation.expires_at,
    )
    # As the list's badges say it.
    state = _(invitation.state.value.replace("_", " ").capitalize())
    return [
        invitation.application.candidate.name,
        invitation.email,
        state,
        str(invitation.attempt),
        *(formats.for_spreadsheets(moment) if moment else "" for moment in moments),
        " ".join(missing_of(invitation)),
    ]


_Scores = dict[tuple[uuid.UUID, str, str], ScaleScore]


def _scores(invitation_ids: Sequence[uuid.UUID]) -> _Scores:
    """The current scores by invitation, instrument and scale."""
    query = (
        select(Sitting.invitation_id, Sitting.instrument, Score.scale, Score.outcome)
        .join(Score, and_(Score.sitting_id == Sitting.id, Score.is_current))
        .where(Sitting.invitation_id.in_(invitation_ids))
    )
    found = db.session.execute(query)
    return {(row[0], row[1], row[2]): ScaleScore(**row[3]) for row in found}


def _score(invitation: Invitation, column: ScoreColumn, scores: _Scores) -> str:
    """As the page tells it: empty before the assessment is completed or ended, and for a scale
    that the clock left without a score."""
    found = scores.get((invitation.id, column.instrument, column.scale.id))
    partly = invitation.state is InvitationState.PARTLY_COMPLETED
    if invitation.state not in WITH_RESULT or (partly and found is None):
        return ""
    return score_line(found, column.scale)
