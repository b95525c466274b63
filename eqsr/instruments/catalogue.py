"""The instruments and the assessments that a job can choose.

An author adds an instrument by adding a folder under ``definitions/``; nothing is registered in
code. A new version is a new folder with the same ``id`` and a higher ``version``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from eqsr.core.messages import N_
from eqsr.instruments.definitions.checking import check
from eqsr.instruments.definitions.explanations import Explanation, InterviewQuestion
from eqsr.instruments.definitions.instrument import Instrument
from eqsr.instruments.definitions.json_files import read_json
from eqsr.instruments.definitions.loading import load
from eqsr.instruments.definitions.norm_groups import Norm, ScaleNorm
from eqsr.instruments.definitions.scales import Item, Option, Scale

__all__ = [
    "Assessment",
    "Explanation",
    "Instrument",
    "InterviewQuestion",
    "Item",
    "Norm",
    "Option",
    "Scale",
    "ScaleNorm",
    "assessment",
    "assessments",
    "check",
    "check_all",
    "instrument",
    "instruments",
    "load",
    "offered",
    "set_of",
]

FOLDER = Path(__file__).parent / "definitions"


@dataclass(frozen=True)
class Assessment:
    """What a job chooses: one or more instruments, taken in this order.

    ``id`` is the instruments' ids, joined by ``+``, so every combination has an id.
    """

    id: str
    name: str
    description: str = ""

    @property
    def instruments(self) -> tuple[str, ...]:
        """The ids of the instruments, in order."""
        return tuple(self.id.split("+"))

    @property
    def minutes(self) -> int:
        """Duration of all instruments, in whole minutes."""
        return sum(instrument(instrument_id).minutes for instrument_id in self.instruments)


ASSESSMENTS = (
    Assessment(
        id="work-style",
        name=N_("Work style"),
        description=N_(
            "Fifty short statements about how a person usually goes about things, "
            "described on five scales, with questions for the interview."
        ),
    ),
    Assessment(
        id="ferry+matrix+work-style",
        name=N_("Problem solving and work style"),
        description=N_(
            "Two games, planning under rules and finding rules in patterns, and then the "
            "fifty statements."
        ),
    ),
    Assessment(
        id="digit-span+n-back+switching+spotting",
        name=N_("Memory, rules and pace"),
        description=N_(
            "Four short games: holding things in mind, changing rules, and how a person "
            "balances being quick and being exact."
        ),
    ),
)
"""Ready-made sets, offered first."""


def assessments() -> tuple[Assessment, ...]:
    """The ready-made assessments, in the order they are offered."""
    return ASSESSMENTS


def assessment(assessment_id: str) -> Assessment:
    """The assessment with this id, ready-made or not. Raises KeyError for an unknown instrument."""
    for candidate in ASSESSMENTS:
        if candidate.id == assessment_id:
            return candidate
    ids = assessment_id.split("+")
    if len(set(ids)) != len(ids):
        raise KeyError(assessment_id)
    return Assessment(assessment_id, ", ".join(instrument(one).name for one in ids))


def set_of(instrument_ids: Sequence[str]) -> Assessment:
    """The assessment of these instruments in this order.

    Raises KeyError if there are none, or one is unknown or repeated.
    """
    return assessment("+".join(instrument_ids))


def instruments(language: str = "en") -> tuple[Instrument, ...]:
    """The newest version of each instrument that is available in the language, by id."""
    found = (instrument(instrument_id, language=language) for instrument_id in sorted(_versions()))
    return tuple(candidate for candidate in found if candidate.language == language)


def offered(language: str = "en") -> tuple[Instrument, ...]:
    """The newest version of every instrument, games first, in the language where available."""
    found = [instrument(instrument_id, language=language) for instrument_id in _versions()]
    return tuple(sorted(found, key=lambda one: (one.kind != "task", one.minutes, one.id)))


def instrument(instrument_id: str, version: str | None = None, language: str = "en") -> Instrument:
    """The instrument with this id, in the newest version or in ``version``.

    Falls back to the instrument's first language if ``language`` is not available.
    Raises KeyError for an unknown id or version.
    """
    versions = _versions()[instrument_id]
    return load(versions[version or max(versions, key=_order)], language)


def check_all() -> dict[str, list[str]]:
    """Folder name -> its problems, for each folder under ``definitions/``; see ``check``."""
    return {path.parent.name: check(path.parent) for path in _manifests()}


@cache
def _versions() -> dict[str, dict[str, Path]]:
    found: dict[str, dict[str, Path]] = {}
    for path in _manifests():
        manifest = read_json(path)
        found.setdefault(manifest["id"], {})[manifest["version"]] = path.parent
    return found


def _manifests() -> list[Path]:
    return sorted(FOLDER.glob("*/instrument.json"))


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
