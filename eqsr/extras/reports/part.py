"""One questionnaire or game in a report: what stood out, its scales, and what it rests on."""

from collections.abc import Iterator

from flask_babel import gettext as _

from eqsr.core import formats
from eqsr.extras.reports import scale
from eqsr.extras.reports.elements import Bullets, Element, FactList, Heading, Notice, Text
from eqsr.instruments.naming import translated
from eqsr.instruments.wording import quality_sentence
from eqsr.screens.profile import wording
from eqsr.screens.profile.scale_results import FacetResult, ProfilePart


def elements(part: ProfilePart) -> Iterator[Element]:
    yield Heading(3, part.instrument.name)
    yield Text(part.instrument.purpose, "muted")
    yield from _quality(part)
    if not part.readable:
        yield from _as_answered(part)
        yield from _basis(part)
        return
    for found in part.scales:
        yield scale.bar_of(found.score, found.scale)
    yield Text(_how_to_read(part), "muted")
    for found in part.scales:
        yield from scale.elements(found)
    if part.facets_by_scale:
        yield from _facets(part)
    yield from _basis(part)


def _how_to_read(part: ProfilePart) -> str:
    if part.norm.n:
        dot = _("The dot is where the answers lie, from 1 to 10. 4 to 7 is what most people have.")
    else:
        dot = _(
            "The dot is the value itself, in its own unit. There is no comparison group yet, so "
            "none of it is high or low."
        )
    return f"{dot} {wording.margin(part.instrument)}"


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
    for whole, parts in part.facets_by_scale:
        yield Text(whole.name, "strong")
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
        (_("Taken"), formats.day(finished_at) if finished_at else _("Not finished")),
    ]
    yield FactList(pairs)
    yield Text(_("About the comparison group"), "strong")
    yield Bullets([translated(one) for one in norm.caveats])
    yield Text(_("Evidence"), "strong")
    yield Bullets(instrument.evidence)
    yield Text(_("Limits"), "strong")
    yield Bullets([*instrument.limits, wording.texts_are_ours()])
