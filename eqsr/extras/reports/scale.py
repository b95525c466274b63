"""One scale in a report: its bar, its score in words, and what its ends mean."""

from collections.abc import Iterator
from dataclasses import replace

from flask_babel import gettext as _

from eqsr.extras.reports.elements import Bar, Bullets, Element, FactList, Heading, Text
from eqsr.instruments import score_text
from eqsr.instruments.catalogue import Explanation, Scale
from eqsr.instruments.scoring import ScaleScore
from eqsr.screens.profile import wording
from eqsr.screens.profile.band_mark import axis_shares
from eqsr.screens.profile.scale_results import ScaleResult


def bar_of(score: ScaleScore, scale: Scale) -> Bar:
    bar = Bar(
        name=scale.name,
        value=_("Not interpretable"),
        low_pole=scale.low_pole,
        high_pole=scale.high_pole,
        cells=score.normed or not score.interpretable,
        described=score_text.describe(score, scale),
    )
    shares = axis_shares(score, scale)
    if shares is None:
        return bar
    value = score_text.sten_value(score) if score.normed else score_text.raw_value(score, scale)
    return replace(bar, value=value, start=shares.low, end=shares.high, point=shares.point)


def elements(found: ScaleResult) -> Iterator[Element]:
    scale, score = found.scale, found.score
    yield Heading(4, scale.name)
    yield Text(found.low.measures, "muted")
    if not score.interpretable:
        yield Text(_("This scale can't be described from these answers. It is not a low score."))
        return
    if found.here:
        yield Text(found.here.stands)
        yield FactList(
            [
                (_("Sten"), _("%(sten)s of 10", sten=score.sten)),
                (_("Compared"), wording.percentile(score)),
                (_("Give or take"), wording.band(score)),
                (_("As answered"), wording.own_unit(score, scale)),
            ]
        )
        yield Text(_("Ask in the interview"), "strong")
        yield Bullets(found.here.interview)
    else:
        yield FactList([(_("Score"), wording.own_unit(score, scale))])
    yield from _end(scale.low_pole, found.low)
    yield from _end(scale.high_pole, found.high)
    yield Text(_("What it does not tell"), "strong")
    yield Text(found.low.does_not_tell, "muted")


def _end(name: str, texts: Explanation) -> Iterator[Element]:
    yield Text(name, "strong")
    told = ((_("Strengths"), texts.strengths), (_("Watch-outs"), texts.watch_outs))
    yield FactList([(kind, " ".join(sentences)) for kind, sentences in told if sentences])
