"""Checks of an instrument's texts: names and words, explanations, interview questions."""

from pathlib import Path
from typing import Any

from eqsr.instruments.definitions.explanations import ANCHORS, BANDS
from eqsr.instruments.definitions.json_files import read_or_report

TEXT_KEYS = ("name", "purpose", "instructions", "evidence", "limits", "scales")
KIND_TEXT_KEYS = {"questionnaire": ("options",), "task": ("try_out", "accessibility", "words")}


def check_text(manifest: dict[str, Any], language: str, scale_ids: list[str]) -> list[str]:
    """List what is missing of the names and words in one language."""
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


def check_explanations(folder: Path, language: str, scales: list[dict[str, Any]]) -> list[str]:
    """List what is missing of the explanations in one language, and what nothing supports."""
    scale_ids = [str(scale.get("id")) for scale in scales]
    problems: list[str] = []
    content = read_or_report(folder / "explanations" / f"{language}.json", problems)
    if content is None:
        return [f"explanations: {problem}" for problem in problems]
    problems += [
        f"explanations {language}: unknown scale {s}" for s in content if s not in scale_ids
    ]
    for scale, facts in zip(scale_ids, scales, strict=True):
        texts = content.get(scale) or {}
        problems += [
            f"explanations {language}: {scale} has no {key}"
            for key in ("measures", "does_not_tell")
            if not texts.get(key)
        ]
        for band in BANDS:
            words = (texts.get("bands") or {}).get(band) or {}
            name = f"explanations {language}: {scale} {band}"
            left_out = _unsupported(facts.get("better"), band)
            problems += [
                f"{name} has no {key}"
                for key in ("stands", "strengths", "watch_outs", "interview")
                if key not in left_out and not words.get(key)
            ]
            problems += [
                f"{name} has {key}, for which there is no evidence"
                for key in left_out
                if words.get(key)
            ]
    return problems


def _unsupported(better: str | None, band: str) -> tuple[str, ...]:
    """What is not said of a band: in the middle it would fit everybody, and who does less well at a
    task has no strength that follows from it."""
    if band == "mid":
        return ("strengths", "watch_outs")
    return ("strengths",) if better and better != band else ()


def check_interview(folder: Path, language: str, scale_ids: list[str]) -> list[str]:
    """List what is missing of the interview questions in one language."""
    problems: list[str] = []
    content = read_or_report(folder / "interview" / f"{language}.json", problems)
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
