"""Cautions about a comparison group, and a norm's label, in the current language."""

from collections.abc import Callable, Iterable, Mapping

from flask_babel import gettext as _

from eqsr.core import formats
from eqsr.instruments.catalogue import Norm, Scale
from eqsr.instruments.naming import translated
from eqsr.instruments.scoring.local import Caution

# How the value of each fact is formatted.
FORMATS: dict[str, Callable[[float], str]] = {
    **dict.fromkeys(("number", "finished", "invited"), formats.number),
    **dict.fromkeys(("own", "published"), lambda value: formats.number(value, 2)),
    "stens": lambda value: formats.number(value, 1),
    "share": lambda value: formats.share(value / 100),
}


def caution(found: Caution) -> str:
    """The sentence of a caution."""
    sentence: str = {
        "small": _(
            "A small group: with %(number)s people its middle may be off by %(stens)s of the ten "
            "steps, and so may every score."
        ),
        "few_finished": _(
            "A selected group: %(finished)s of %(invited)s people who were invited finished. Those "
            "who did not may differ."
        ),
        "one_job": _("%(share)s come from one job. For other jobs the group may be the wrong one."),
        "narrow": _(
            "People differ less here (standard deviation %(own)s) than in the published group "
            "(%(published)s): small differences will look large, and the margin of error takes up "
            "more of the ten steps."
        ),
    }[found.code]
    return sentence % {name: FORMATS[name](value) for name, value in found.facts.items()}


def caution_sentences(
    scales: Iterable[Scale], cautions: Mapping[str, Iterable[Caution]]
) -> list[str]:
    """The sentences of all scales' ``cautions`` (by scale id), each once; what concerns one scale
    names it."""
    sentences = (
        f"{scale.name}: {caution(one)}" if one.code == "narrow" else caution(one)
        for scale in scales
        for one in cautions[scale.id]
    )
    return list(dict.fromkeys(sentences))


def norm_options(norms: Iterable[Norm]) -> list[tuple[str, str]]:
    """``id/version`` and label of each norm, for a select field."""
    return [(f"{norm.id}/{norm.version}", norm_label(norm)) for norm in norms]


def norm_label(norm: Norm) -> str:
    """A norm in one line, for a list of options."""
    if not norm.n:
        return translated(norm.name)
    label: str = _(
        "%(name)s, version %(version)s (%(number)s people, %(date)s)",
        name=translated(norm.name),
        version=norm.version,
        number=formats.number(norm.n),
        date=formats.day(norm.date),
    )
    return label
