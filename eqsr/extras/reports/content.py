"""A profile's content as a report: the same words as the page, in the reader's language."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flask_babel import gettext as _

from eqsr.candidates.models import Candidate
from eqsr.core import formats
from eqsr.extras.reports import elsewhere
from eqsr.extras.reports.elements import Bar, Bullets, Element, FactList, Heading, Notice, Text
from eqsr.extras.target_ranges import wording as fit_words
from eqsr.instruments import score_text
from eqsr.instruments.catalogue import Explanation, Scale
from eqsr.instruments.naming import translated
from eqsr.instruments.scoring import ScaleScore
from eqsr.instruments.wording import quality_sentence
from eqsr.screens.profile import wording
from eqsr.screens.profile.band_mark import axis_shares
from eqsr.screens.profile.blocks import Block
from eqsr.screens.profile.scale_results import FacetResult, ProfilePart, ScaleResult


def content(candidate: Candidate, blocks: Sequence[Block], organisation: str) -> list[Element]:
    """The elements of a report on all invitations that have a result.

    They do not depend on the time, so that an unchanged report is recognised.
    """
    elements: list[Element] = [
        Heading(1, candidate.name),
        Text(_("Assessment report"), "muted"),
        FactList(
            [
                (_("Organisation"), organisation),
                (_("E-mail address"), candidate.email or "–"),
            ]
        ),
        Notice(
            _("One talking point, never the decision"),
            _(
                "Use it to prepare a conversation, next to everything else you know. No score here "
                "is a reason to reject or to choose somebody."
            ),
        ),
    ]
    told = [block for block in blocks if block.has_result]
    if not told:
        elements.append(Text(_("There is no result yet.")))
    for block in told:
        elements += _block(block)
    return elements


def _block(block: Block) -> Iterator[Element]:
    invitation = block.invitation
    yield Heading(2, invitation.job.title)
    pairs = (
        [(_("Finished"), formats.day(invitation.completed_at))] if invitation.completed_at else []
    )
    if invitation.application.ats_job:
        pairs.append((_("SmartRecruiters job"), invitation.application.ats_job.title))
    if pairs:
        yield FactList(pairs)
    if block.fits:
        yield Heading(3, _("What this job asks for"))
        yield Bullets(
            [
                _(
                    "%(scale)s: %(overlap)s (%(range)s). Reason: %(reason)s",
                    scale=scale.name,
                    overlap=fit_words.overlap(found),
                    range=fit_words.sought(wanted),
                    reason=wanted.reason,
                )
                for scale, wanted, found in block.fits
            ]
        )
        yield Text(_("It is one thing to talk about. Nobody is chosen or left out by it."), "muted")
    if block.elsewhere:
        yield from elsewhere.elements(block.elsewhere)
    for part in block.parts:
        if part.scales:
            yield from _part(part)


def _part(part: ProfilePart) -> Iterator[Element]:
    yield Heading(3, part.instrument.name)
    yield Text(part.instrument.purpose, "muted")
    yield from _quality(part)
    if not part.readable:
        yield from _as_answered(part)
        yield from _basis(part)
        return
    for found in part.scales:
        yield _bar(found.score, found.scale)
    yield Text(_how_to_read(part), "muted")
    for found in part.scales:
        yield from _scale(found)
    if part.facets_by_scale:
        yield from _facets(part)
    yield from _basis(part)


def _how_to_read(part: ProfilePart) -> str:
    if part.norm.n:
        return _(
            "The dot is where the answers lie, from 1 to 10. The bar is the give or take: 95 times "
            "in 100 the true value lies inside it. 4 to 7 is what most people have."
        )
    return _(
        "The dot is the value itself, in its own unit. The bar is the give or take: 95 times in "
        "100 the true value lies inside it. There is no comparison group yet, so none of it is "
        "high or low."
    )


def _as_answered(part: ProfilePart) -> Iterator[Element]:
    if part.instrument.kind == "task":
        yield FactList([(one.scale.name, _("Not interpretable")) for one in part.scales])
        return
    yield Heading(4, _("As answered"))
    yield Text(
        _(
            "The positions on the answer scale are kept for the record. They are not compared "
            "with anybody."
        ),
        "muted",
    )
    yield FactList([(one.scale.name, wording.raw(one.score)) for one in part.scales])


def _facets(part: ProfilePart) -> Iterator[Element]:
    yield Heading(4, _("Parts of the scales"))
    yield Text(
        _(
            "Each rests on few answers, so its margin is wide: it describes, and is too unsure to "
            "compare people by."
        ),
        "muted",
    )
    for scale, parts in part.facets_by_scale:
        yield Text(scale.name, "strong")
        yield FactList([(one.facet.name, _facet(one)) for one in parts])


def _facet(one: FacetResult) -> str:
    poles = _("from “%(low)s” to “%(high)s”", low=one.facet.low_pole, high=one.facet.high_pole)
    return f"{wording.facet(one.score, one.facet)} {poles}"


def _quality(part: ProfilePart) -> Iterator[Element]:
    signs = [quality_sentence(flag) for flag in part.sitting.quality]
    if part.sitting.left_out:
        yield Notice(
            _("Left out"),
            _("The person could not take this part and left it out. That says nothing about them."),
        )
    elif not part.readable:
        yield Notice(_("Not interpretable"), _why_unreadable(part))
    elif signs:
        yield Text(_("The scores can be read. Keep in mind what stood out in the answers:"))
    if signs:
        yield Bullets(signs)


def _why_unreadable(part: ProfilePart) -> str:
    if not part.unreadable_as_a_whole:
        return _(
            "Too many questions were left open for any scale to be described. That says nothing "
            "about the person, and it is not a low score."
        )
    if part.instrument.kind == "task":
        return _(
            "The way the game was played does not allow a reading. That says nothing about the "
            "person, and it is not a low score. Talk without it, or offer to take it again."
        )
    return _(
        "The way the questions were answered does not allow a reading. That says nothing about "
        "the person, and it is not a low score. Talk without it, or offer to take it again."
    )


def _bar(score: ScaleScore, scale: Scale) -> Bar:
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


def _scale(found: ScaleResult) -> Iterator[Element]:
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
    if found.here and score.band_word == "mid":
        yield from _end(_("Middle"), found.here)
    yield from _end(scale.high_pole, found.high)
    yield Text(_("What it does not tell"), "strong")
    yield Text(found.low.does_not_tell, "muted")


def _end(name: str, texts: Explanation) -> Iterator[Element]:
    yield Text(name, "strong")
    yield FactList(
        [
            (_("Strengths"), " ".join(texts.strengths)),
            (_("Watch-outs"), " ".join(texts.watch_outs)),
        ]
    )


def _basis(part: ProfilePart) -> Iterator[Element]:
    norm, instrument = part.norm, part.instrument
    yield Heading(4, _("What this rests on"))
    pairs = [
        (_("Compared with"), translated(norm.name)),
        (_("Who they are"), translated(norm.population)),
    ]
    if norm.n:
        pairs += [(_("People"), formats.number(norm.n)), (_("Date"), formats.day(norm.date))]
    finished_at = part.sitting.finished_at
    pairs += [
        (_("Source"), translated(norm.source)),
        (_("Version"), f"{instrument.name} {part.sitting.instrument_version}"),
        (_("Taken"), formats.day(finished_at) if finished_at else "–"),
    ]
    yield FactList(pairs)
    yield Text(_("About the comparison group"), "strong")
    yield Bullets([translated(one) for one in norm.caveats])
    yield Text(_("Evidence"), "strong")
    yield Bullets(instrument.evidence)
    yield Text(_("Limits"), "strong")
    yield Bullets([*instrument.limits, wording.texts_are_ours()])
