"""Numbers of a result in words that a busy reader takes the right way."""

from flask_babel import gettext as _

from eqsr.candidates.models import Application
from eqsr.core import formats
from eqsr.instruments import plot
from eqsr.instruments.catalogue import Scale
from eqsr.instruments.scoring import ScaleScore


def percentile(score: ScaleScore) -> str:
    """ "Higher than about 77 in 100", with both tails kept from claiming 0 or 100."""
    number = round(score.percentile)
    if number < 1:
        return _("higher than fewer than 1 in 100 of the comparison group")
    if number > 99:
        return _("higher than more than 99 in 100 of the comparison group")
    return _("higher than about %(number)s in 100 of the comparison group", number=number)


def band(score: ScaleScore) -> str:
    """Where the true value lies 95 times in 100, as far as measurement error goes."""
    return _(
        "sten %(low)s to %(high)s, 95 times in 100",
        low=formats.number(score.band_low, 1),
        high=formats.number(score.band_high, 1),
    )


def raw(score: ScaleScore) -> str:
    """The position on the answer scale itself, which no norm can shift."""
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
    """What the texts about both ends of a scale rest on: a limit of every instrument."""
    return _(
        "What people at each end usually do, their strengths and watch-outs are written from what "
        "the scale measures, and not tested on people: something to ask about, nothing to assume."
    )


def stage(application: Application) -> str:
    """The stage as SmartRecruiters names it."""
    status = application.status.replace("_", " ").capitalize()
    return " › ".join(filter(None, (status, application.sub_status)))


def own_unit(score: ScaleScore, scale: Scale) -> str:
    """The score in the scale's own unit with its band; a questionnaire's is its answer scale."""
    if score.raw_mean is not None:
        return raw(score)
    if None in (score.raw, score.raw_low, score.raw_high):
        return _("Not interpretable")
    return plot.raw_value(score, scale)


def facet(score: ScaleScore, scale: Scale) -> str:
    """A part of a scale, on its own range."""
    if not score.interpretable:
        return _("Not interpretable")
    return plot.raw_value(score, scale)


def standing(score: ScaleScore | None, scale: Scale) -> str:
    """A score in one line: sten and band, or its own unit where it is compared with nobody."""
    if score is None:
        return _("Not taken")
    if not score.interpretable:
        return _("Not interpretable")
    if not score.normed:
        return own_unit(score, scale)
    return _(
        "sten %(sten)s, give or take: %(low)s to %(high)s",
        sten=score.sten,
        low=formats.number(score.band_low, 1),
        high=formats.number(score.band_high, 1),
    )
