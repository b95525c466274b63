"""Scores in words for the profile page and the report."""

from flask_babel import gettext as _

from eqsr.candidates.models import Application
from eqsr.core import formats
from eqsr.instruments import score_text
from eqsr.instruments.catalogue import Instrument, Scale
from eqsr.instruments.scoring import ScaleScore


def percentile(score: ScaleScore) -> str:
    """The percentile, such as "higher than about 77 in 100"; never 0 or 100.

    Raises ValueError for a score without a norm.
    """
    if score.percentile is None:
        raise ValueError(f"{score.scale} is compared with nobody")
    number = round(score.percentile)
    if number < 1:
        return _("higher than fewer than 1 in 100 of the comparison group")
    if number > 99:
        return _("higher than more than 99 in 100 of the comparison group")
    return _("higher than about %(number)s in 100 of the comparison group", number=number)


def band(score: ScaleScore) -> str:
    """The margin in stens. Raises ValueError for a score without a norm."""
    stens = score.in_stens
    if stens is None:
        raise ValueError(f"{score.scale} is compared with nobody")
    return _(
        "sten %(low)s to %(high)s",
        low=formats.number(stens.low, 1),
        high=formats.number(stens.high, 1),
    )


def margin(instrument: Instrument) -> str:
    """What the bar around a score of this instrument holds, and what it leaves out.

    Only a questionnaire with a published group counts days in (scoring.score.DAY_TO_DAY).
    """
    if instrument.norm.n:
        return _(
            "The bar is how far chance, and a good or bad day, may have moved the dot. It leaves "
            "out how the phrases were understood, and the wish to make an impression."
        )
    return _(
        "The bar is how far chance may have moved the dot in this one sitting. It leaves out good "
        "and bad days, practice, and what was misunderstood."
    )


def raw(score: ScaleScore) -> str:
    """The mean on the answer scale, which does not depend on a norm."""
    if score.raw_mean is None:
        return _(
            "%(answered)s of %(items)s questions answered",
            answered=score.answered,
            items=score.items,
        )
    return _(
        "%(mean)s on the answer scale from 1 to 5, from %(answered)s of %(items)s questions",
        mean=formats.number(score.raw_mean, 1),
        answered=score.answered,
        items=score.items,
    )


def texts_are_ours() -> str:
    """A limit of every instrument: its texts are not empirically tested."""
    return _(
        "What people at each end usually do, their strengths and watch-outs are written from what "
        "the scale measures, and not tested on people: something to ask about, nothing to assume."
    )


def stage(application: Application) -> str:
    """The application's stage, such as "In review › Phone screen"."""
    status = application.status.replace("_", " ").capitalize()
    return " › ".join(filter(None, (status, application.sub_status)))


def own_unit(score: ScaleScore, scale: Scale) -> str:
    """The score in the scale's own unit; for a questionnaire, the mean on the answer scale."""
    if score.raw_mean is not None:
        return raw(score)
    if None in (score.raw, score.raw_low, score.raw_high):
        return _("Not interpretable")
    return score_text.raw_value(score, scale)


def facet(score: ScaleScore, scale: Scale) -> str:
    """A facet's score with its band, in its own unit."""
    if not score.interpretable:
        return _("Not interpretable")
    return score_text.raw_value(score, scale)


def score_line(score: ScaleScore | None, scale: Scale) -> str:
    """A score in one line: sten and band, or the scale's own unit if there is no norm."""
    if score is None:
        return _("Not taken")
    if not score.interpretable:
        return _("Not interpretable")
    stens = score.in_stens
    if stens is None:
        return own_unit(score, scale)
    return _(
        "sten %(sten)s, give or take: %(low)s to %(high)s",
        sten=score.sten,
        low=formats.number(stens.low, 1),
        high=formats.number(stens.high, 1),
    )
