"""What is missing of an assessment that the clock ended, in words."""

from flask_babel import gettext as _

from eqsr.instruments import catalogue
from eqsr.instruments.naming import reading
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.sittings.models import Sitting
from eqsr.sittings.records import answered_counts, instrument_for_reader, scores_of, sittings_of


def missing_of(invitation: Invitation) -> list[str]:
    """A sentence for each part that is not finished, in the assessment's order.

    In the current language, for the reader, candidate or recruiter. Empty unless the
    invitation is partly completed.
    """
    if invitation.state is not InvitationState.PARTLY_COMPLETED:
        return []
    sittings = {sitting.instrument: sitting for sitting in sittings_of([invitation.id])}
    answered = answered_counts([sitting.id for sitting in sittings.values()])
    found = []
    for instrument_id in catalogue.assessment(invitation.asks_for).instruments:
        sitting = sittings.get(instrument_id)
        if sitting is None:
            name = catalogue.instrument(instrument_id, language=reading()).name
            found.append(_("%(part)s: not started.", part=name))
        elif sitting.finished_at is None:
            found.append(_unfinished(sitting, answered[sitting.id]))
    return found


def _unfinished(sitting: Sitting, answered: int) -> str:
    instrument = instrument_for_reader(sitting)
    if instrument.kind == "task":
        return _("%(part)s: not played to its end, so it has no score.", part=instrument.name)
    scored = {score.scale for score in scores_of(sitting)}
    unscored = [scale.name for scale in instrument.scales if scale.id not in scored]
    said: str = _(
        "%(part)s: %(answered)s of %(total)s questions answered.",
        part=instrument.name,
        answered=answered,
        total=len(instrument.items),
    )
    if not unscored:
        return said
    few: str = _("Too few answers for a score: %(scales)s.", scales=", ".join(unscored))
    return f"{said} {few}"


def ended_sentence(invitation: Invitation) -> str:
    """How the clock ended the assessment, for people who read the result; empty if it did not."""
    if not invitation.ended_by_clock or invitation.result_at is None:
        return ""
    if invitation.state is InvitationState.PARTLY_COMPLETED:
        return _("The time ended before everything was done. That says nothing about the person.")
    return _(
        "Every question was answered and Finish was not pressed, so it was handed in when the time "
        "ended."
    )
