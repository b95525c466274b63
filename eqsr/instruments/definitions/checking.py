"""Checking that an instrument's folder is complete, before anyone takes the instrument."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from eqsr.instruments.definitions.shape import ANCHORS, BANDS
from eqsr.instruments.tasks.checking import check_trials

JsonType = type[object] | tuple[type[object], ...]
"""A type or types, as isinstance accepts them."""

MANIFEST_KEYS: dict[str, JsonType] = {
    "id": str,
    "version": str,
    "minutes": int,
    "languages": list,
    "default_norm": (str, type(None)),
    "scales": list,
    "text": dict,
}
KIND_KEYS: dict[str, dict[str, JsonType]] = {
    "questionnaire": {"options": list},
    "task": {"engine": str, "parameters": dict, "practice": dict},
}
TEXT_KEYS = ("name", "purpose", "instructions", "evidence", "limits", "scales")
KIND_TEXT_KEYS = {"questionnaire": ("options",), "task": ("try_out", "accessibility", "words")}
NORM_KEYS = ("id", "version", "name", "source", "population", "n", "date", "licence", "caveats")
BAND_KEYS = ("stands", "strengths", "watch_outs", "interview")


def check(folder: Path) -> list[str]:
    """List every problem of an instrument's folder in sentences; an empty list means complete.

    Reads the files rather than a loaded instrument, so that it can list everything that is missing
    or damaged instead of stopping at the first problem.
    """
    problems: list[str] = []
    manifest = _read(folder / "instrument.json", problems)
    if manifest is None:
        return problems
    kind = manifest.get("kind", "questionnaire")
    if kind not in KIND_KEYS:
        return [f"instrument.json: kind is none of {', '.join(KIND_KEYS)}"]
    problems += [
        f"instrument.json: {key} is missing or not a {_kind_name(wanted)}"
        for key, wanted in (MANIFEST_KEYS | KIND_KEYS[kind]).items()
        if key not in manifest or not isinstance(manifest[key], wanted)
    ]
    if problems:
        return problems
    if not re.fullmatch(r"\d+(\.\d+)*", manifest["version"]):
        problems.append("instrument.json: version is not numbers with dots between")
    scale_ids = [str(scale.get("id")) for scale in manifest["scales"]]
    if not (folder / "SOURCE.md").is_file():
        problems.append("SOURCE.md is missing")
    problems += _check_scales(manifest["scales"] + manifest.get("facets", []), kind)
    problems += _check_facets(manifest, scale_ids)
    problems += _check_norms(folder, manifest, scale_ids)
    if kind == "task":
        problems += check_trials(folder, manifest, scale_ids)
    else:
        problems += _check_items(folder, manifest, scale_ids)
    for language in manifest["languages"]:
        problems += _check_text(manifest, language, scale_ids)
        problems += _check_explanations(folder, language, scale_ids)
        problems += _check_interview(folder, language, scale_ids)
    return problems


def _read(path: Path, problems: list[str]) -> dict[str, Any] | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(f"{path.name} is missing")
    except ValueError as error:
        problems.append(f"{path.name} is not JSON: {error}")
    else:
        if isinstance(content, dict):
            return content
        problems.append(f"{path.name} is not an object")
    return None


def _kind_name(wanted: Any) -> str:
    return wanted.__name__ if isinstance(wanted, type) else "str or null"


def _check_facets(manifest: dict[str, Any], scale_ids: list[str]) -> list[str]:
    problems = []
    for facet in manifest.get("facets", []):
        name = f"facet {facet.get('id')}"
        if facet.get("part_of") not in scale_ids:
            problems.append(f"{name}: is part of no scale")
        for language in manifest["languages"]:
            texts = (manifest["text"].get(language) or {}).get("facets") or {}
            words = texts.get(facet.get("id")) or {}
            problems += [
                f"instrument.json: text {language}: {name} has no {key}"
                for key in ("name", "low_pole", "high_pole", "measures")
                if not words.get(key)
            ]
    return problems


def _check_scales(scales: list[dict[str, Any]], kind: str) -> list[str]:
    problems = []
    for scale in scales:
        reliability = scale.get("reliability")
        unmeasured = "reliability" in scale and reliability is None
        known = isinstance(reliability, (int, float)) and 0 < reliability < 1
        if not known and not (unmeasured and kind == "task"):
            problems.append(f"scale {scale.get('id')}: reliability is not between 0 and 1")
        low, high = scale.get("least", 1), scale.get("most", 5)
        if not low < high or (kind == "task" and not {"least", "most"} <= scale.keys()):
            problems.append(f"scale {scale.get('id')}: least and most are missing or reversed")
        if not scale.get("reliability_source"):
            problems.append(f"scale {scale.get('id')}: reliability has no source")
    return problems


def _check_items(folder: Path, manifest: dict[str, Any], scale_ids: list[str]) -> list[str]:
    problems: list[str] = []
    content = _read(folder / "items.json", problems)
    if content is None:
        return problems
    problems += [
        f"items.json: {key} is missing" for key in ("source", "licence") if not content.get(key)
    ]
    items = content.get("items") or []
    facets = {facet["id"]: facet["part_of"] for facet in manifest.get("facets", [])}
    parts = {*scale_ids, *facets}
    numbers = [item.get("number") for item in items]
    if numbers != list(range(1, len(items) + 1)):
        problems.append("items.json: numbers do not run from 1 in the order of presentation")
    for item in items:
        name = f"item {item.get('number')}"
        if item.get("keyed") not in (1, -1):
            problems.append(f"{name}: keyed is neither 1 nor -1")
        if item.get("scale") not in parts:
            problems.append(f"{name}: unknown scale {item.get('scale')}")
        problems += [
            f"{name}: no text in {language}"
            for language in manifest["languages"]
            if not (item.get("text") or {}).get(language)
        ]
    used = {item.get("scale") for item in items}
    used |= {facets.get(scale) for scale in used}
    problems += [f"scale {scale}: has no item" for scale in sorted(parts - used)]
    repeated = Counter(text for item in items for text in (item.get("text") or {}).values() if text)
    problems += [
        f"items.json: text occurs {n} times: {text}" for text, n in repeated.items() if n > 1
    ]
    problems += [
        f"opposite pair {pair}: unknown item"
        for pair in manifest.get("opposite_pairs", [])
        if len(pair) != 2 or not set(pair) <= set(numbers)
    ]
    return problems


def _check_norms(folder: Path, manifest: dict[str, Any], scale_ids: list[str]) -> list[str]:
    problems: list[str] = []
    paths = sorted((folder / "norms").glob("*.json"))
    wanted = manifest["default_norm"]
    if wanted is not None and wanted not in [path.stem for path in paths]:
        problems.append(f"norms: the default norm {manifest['default_norm']} is missing")
    for path in paths:
        norm = _read(path, problems)
        if norm is None:
            continue
        name = f"norm {path.stem}"
        problems += [f"{name}: {key} is missing" for key in NORM_KEYS if not norm.get(key)]
        if norm.get("id") != path.stem:
            problems.append(f"{name}: its id is {norm.get('id')}")
        scales = norm.get("scales") or {}
        problems += [f"{name}: scale {s} has no norm" for s in scale_ids if s not in scales]
        problems += [f"{name}: unknown scale {s}" for s in scales if s not in scale_ids]
        ranges = {s["id"]: (s.get("least", 1), s.get("most", 5)) for s in manifest["scales"]}
        for scale, values in scales.items():
            low, high = ranges.get(scale, (0, 1))
            if not low < values.get("mean", 0) < high or not 0 < values.get("sd", 0) < high - low:
                problems.append(f"{name}: scale {scale} has an impossible mean or sd")
    return problems


def _check_text(manifest: dict[str, Any], language: str, scale_ids: list[str]) -> list[str]:
    text = manifest["text"].get(language) or {}
    problems = [
        f"instrument.json: text {language}: {key} is missing"
        for key in TEXT_KEYS + KIND_TEXT_KEYS[manifest.get("kind", "questionnaire")]
        if not text.get(key)
    ]
    options = text.get("options") or {}
    problems += [
        f"instrument.json: text {language}: option {value} has no label"
        for value in manifest.get("options", [])
        if not options.get(str(value))
    ]
    for scale in scale_ids:
        words = (text.get("scales") or {}).get(scale) or {}
        problems += [
            f"instrument.json: text {language}: scale {scale} has no {key}"
            for key in ("name", "low_pole", "high_pole")
            if not words.get(key)
        ]
        if manifest.get("kind") == "task" and not words.get("unit"):
            problems.append(f"instrument.json: text {language}: scale {scale} has no unit")
    return problems


def _check_explanations(folder: Path, language: str, scale_ids: list[str]) -> list[str]:
    problems: list[str] = []
    content = _read(folder / "explanations" / f"{language}.json", problems)
    if content is None:
        return [f"explanations: {problem}" for problem in problems]
    problems += [
        f"explanations {language}: unknown scale {s}" for s in content if s not in scale_ids
    ]
    for scale in scale_ids:
        texts = content.get(scale) or {}
        problems += [
            f"explanations {language}: {scale} has no {key}"
            for key in ("measures", "does_not_tell")
            if not texts.get(key)
        ]
        for band in BANDS:
            words = (texts.get("bands") or {}).get(band) or {}
            problems += [
                f"explanations {language}: {scale} {band} has no {key}"
                for key in BAND_KEYS
                if not words.get(key)
            ]
    return problems


def _check_interview(folder: Path, language: str, scale_ids: list[str]) -> list[str]:
    problems: list[str] = []
    content = _read(folder / "interview" / f"{language}.json", problems)
    if content is None:
        return [f"interview: {problem}" for problem in problems]
    problems += [f"interview {language}: unknown scale {s}" for s in content if s not in scale_ids]
    for scale in scale_ids:
        name = f"interview {language}: {scale}"
        texts = content.get(scale) or {}
        if not texts.get("looks_for") or not texts.get("questions"):
            problems.append(f"{name} has no looks_for or no questions")
        for question in texts.get("questions") or []:
            anchors = question.get("anchors") or {}
            if not question.get("ask") or not question.get("probes"):
                problems.append(f"{name} has a question without words or probes")
            if [key for key, text in anchors.items() if text] != [str(one) for one in ANCHORS]:
                problems.append(f"{name} has a question whose anchors are not 1, 3 and 5")
    return problems
