"""The instruments we have and the assessments a job can pick.

An author adds an instrument by adding one folder under ``instruments/``; nothing is registered in
code. A new version is a new folder with the same ``id`` and a higher ``version``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from eqsr.core.messages import N_
from eqsr.instruments.definitions.checking import check
from eqsr.instruments.definitions.shape import (
    BANDS,
    NO_NORM,
    Explanation,
    Instrument,
    InterviewQuestion,
    Item,
    Norm,
    Option,
    Scale,
    ScaleNorm,
)

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
WORDS = Path(__file__).parent / "tasks" / "words"


@dataclass(frozen=True)
class Assessment:
    """What a job picks: one or more instruments, taken in this order.

    ``id`` is the instruments' ids, joined by ``+``, so that any set and any order has one.
    """

    id: str
    name: str
    description: str = ""

    @property
    def instruments(self) -> tuple[str, ...]:
        return tuple(self.id.split("+"))

    @property
    def minutes(self) -> int:
        """How long it takes, in whole minutes."""
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
    """The assessment of that id, ready-made or not. Raises KeyError."""
    for candidate in ASSESSMENTS:
        if candidate.id == assessment_id:
            return candidate
    ids = assessment_id.split("+")
    if len(set(ids)) != len(ids):
        raise KeyError(assessment_id)
    return Assessment(assessment_id, ", ".join(instrument(one).name for one in ids))


def set_of(instrument_ids: Sequence[str]) -> Assessment:
    """The assessment of these instruments in this order. Raises KeyError for none, for one that
    we don't have, and for one that comes twice."""
    return assessment("+".join(instrument_ids))


def instruments(language: str = "en") -> tuple[Instrument, ...]:
    """The newest version of each instrument that speaks the language, by id."""
    found = (instrument(instrument_id, language=language) for instrument_id in sorted(_versions()))
    return tuple(candidate for candidate in found if candidate.language == language)


def offered(language: str = "en") -> tuple[Instrument, ...]:
    """The newest version of every instrument, games first, each in the language if it can."""
    found = [instrument(instrument_id, language=language) for instrument_id in _versions()]
    return tuple(sorted(found, key=lambda one: (one.kind != "task", one.minutes, one.id)))


def instrument(instrument_id: str, version: str | None = None, language: str = "en") -> Instrument:
    """The instrument of that id: the newest version, or the one asked for.

    Falls back to the instrument's first language when it does not speak ``language``.
    Raises KeyError for an unknown id or version.
    """
    versions = _versions()[instrument_id]
    return load(versions[version or max(versions, key=_order)], language)


def check_all() -> dict[str, list[str]]:
    """The problems of each folder under ``instruments/``, by folder name; see ``check``."""
    return {path.parent.name: check(path.parent) for path in _manifests()}


@cache
def load(folder: Path, language: str = "en") -> Instrument:
    """Read one instrument's folder. A folder that ``check`` finds incomplete may raise KeyError."""
    manifest = _read(folder / "instrument.json")
    spoken = tuple(manifest["languages"])
    language = language if language in spoken else spoken[0]
    text = manifest["text"][language]
    return Instrument(
        id=manifest["id"],
        version=manifest["version"],
        language=language,
        languages=spoken,
        name=text["name"],
        purpose=text["purpose"],
        minutes=manifest["minutes"],
        instructions=tuple(text["instructions"]),
        evidence=tuple(text["evidence"]),
        limits=tuple(text["limits"]),
        scales=_scales(manifest["scales"], text["scales"]),
        norms=_norms(folder),
        default_norm=manifest["default_norm"] or NO_NORM.id,
        explanations=_explanations(folder, language),
        folder=folder,
        kind=manifest.get("kind", "questionnaire"),
        facets=_scales(manifest.get("facets", []), text.get("facets", {})),
        accessibility=tuple(text.get("accessibility", ())),
        interview=_interview(folder, language),
        **_content(folder, manifest, language),
    )


def _content(folder: Path, manifest: Mapping[str, Any], language: str) -> dict[str, Any]:
    """What is asked: a questionnaire's items, or what a task makes its trials from."""
    text = manifest["text"][language]
    if manifest.get("kind") == "task":
        bank = folder / "bank.json"
        more = _read(bank) if bank.is_file() else {}
        return {
            "options": (),
            "items": (),
            "opposite_pairs": (),
            "engine": manifest["engine"],
            "parameters": manifest["parameters"] | more,
            "practice": manifest["practice"],
            "try_out": tuple(text["try_out"]),
            "words": MappingProxyType(_shared_words(language) | text["words"]),
        }
    return {
        "options": tuple(Option(v, text["options"][str(v)]) for v in manifest["options"]),
        "items": tuple(
            Item(item["number"], item["text"][language], item["scale"], item["keyed"])
            for item in _read(folder / "items.json")["items"]
        ),
        "opposite_pairs": tuple((a, b) for a, b in manifest.get("opposite_pairs", [])),
    }


def _shared_words(language: str) -> dict[str, str]:
    """What every game says; in English where a language has no words of its own yet."""
    english = _read(WORDS / "en.json")
    own = WORDS / f"{language}.json"
    return english | (_read(own) if own.is_file() else {})


def _scales(facts: list[dict[str, Any]], words: Mapping[str, Any]) -> tuple[Scale, ...]:
    return tuple(Scale(**scale, **words[scale["id"]]) for scale in facts)


def _norms(folder: Path) -> Mapping[str, Norm]:
    norms = {}
    for path in sorted((folder / "norms").glob("*.json")):
        content = _read(path)
        scales = {scale: ScaleNorm(**values) for scale, values in content.pop("scales").items()}
        caveats = tuple(content.pop("caveats"))
        norms[content["id"]] = Norm(**content, caveats=caveats, scales=MappingProxyType(scales))
    return MappingProxyType(norms | {NO_NORM.id: NO_NORM})


def _explanations(folder: Path, language: str) -> Mapping[tuple[str, str], Explanation]:
    return MappingProxyType(
        {
            (scale, band): Explanation(
                scale=scale,
                band=band,
                measures=texts["measures"],
                stands=texts["bands"][band]["stands"],
                strengths=tuple(texts["bands"][band]["strengths"]),
                watch_outs=tuple(texts["bands"][band]["watch_outs"]),
                interview=tuple(texts["bands"][band]["interview"]),
                does_not_tell=texts["does_not_tell"],
            )
            for scale, texts in _read(folder / "explanations" / f"{language}.json").items()
            for band in BANDS
        }
    )


def _interview(folder: Path, language: str) -> tuple[InterviewQuestion, ...]:
    return tuple(
        InterviewQuestion(
            scale=scale,
            looks_for=texts["looks_for"],
            ask=question["ask"],
            probes=tuple(question["probes"]),
            anchors={int(rating): text for rating, text in question["anchors"].items()},
        )
        for scale, texts in _read(folder / "interview" / f"{language}.json").items()
        for question in texts["questions"]
    )


@cache
def _versions() -> dict[str, dict[str, Path]]:
    found: dict[str, dict[str, Path]] = {}
    for path in _manifests():
        manifest = _read(path)
        found.setdefault(manifest["id"], {})[manifest["version"]] = path.parent
    return found


def _manifests() -> list[Path]:
    return sorted(FOLDER.glob("*/instrument.json"))


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
