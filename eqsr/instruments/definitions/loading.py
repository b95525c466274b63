"""Reading an instrument's folder."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from eqsr.instruments.definitions.instrument import Instrument
from eqsr.instruments.definitions.json_files import read_json
from eqsr.instruments.definitions.norm_groups import NO_NORM, Norm, ScaleNorm
from eqsr.instruments.definitions.scales import Item, Option, Scale
from eqsr.instruments.definitions.text_loading import (
    load_explanations,
    load_interview,
    shared_words,
)


@cache
def load(folder: Path, language: str = "en") -> Instrument:
    """Read one instrument's folder. Raises KeyError if the folder is incomplete; see ``check``."""
    manifest = read_json(folder / "instrument.json")
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
        explanations=load_explanations(folder, language),
        folder=folder,
        kind=manifest.get("kind", "questionnaire"),
        facets=_scales(manifest.get("facets", []), text.get("facets", {})),
        accessibility=tuple(text.get("accessibility", ())),
        interview=load_interview(folder, language),
        **_content(folder, manifest, language),
    )


def _content(folder: Path, manifest: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The fields that only a questionnaire has (items), or only a task (how trials are made)."""
    text = manifest["text"][language]
    if manifest.get("kind") == "task":
        bank = folder / "bank.json"
        more = read_json(bank) if bank.is_file() else {}
        return {
            "options": (),
            "items": (),
            "opposite_pairs": (),
            "engine": manifest["engine"],
            "parameters": manifest["parameters"] | more,
            "practice": manifest["practice"],
            "try_out": tuple(text["try_out"]),
            "words": MappingProxyType(shared_words(language) | text["words"]),
        }
    return {
        "options": tuple(Option(v, text["options"][str(v)]) for v in manifest["options"]),
        "items": tuple(
            Item(item["number"], item["text"][language], item["scale"], item["keyed"])
            for item in read_json(folder / "items.json")["items"]
        ),
        "opposite_pairs": tuple((a, b) for a, b in manifest.get("opposite_pairs", [])),
    }


def _scales(facts: list[dict[str, Any]], words: Mapping[str, Any]) -> tuple[Scale, ...]:
    return tuple(Scale(**scale, **words[scale["id"]]) for scale in facts)


def _norms(folder: Path) -> Mapping[str, Norm]:
    norms = {}
    for path in sorted((folder / "norms").glob("*.json")):
        content = read_json(path)
        scales = {scale: ScaleNorm(**values) for scale, values in content.pop("scales").items()}
        caveats = tuple(content.pop("caveats"))
        norms[content["id"]] = Norm(**content, caveats=caveats, scales=MappingProxyType(scales))
    return MappingProxyType(norms | {NO_NORM.id: NO_NORM})
