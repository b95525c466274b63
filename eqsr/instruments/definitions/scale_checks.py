"""Checks of an instrument's scales and facets."""

from typing import Any


def check_facets(manifest: dict[str, Any], scale_ids: list[str]) -> list[str]:
    """List the facets that are part of no scale or lack a text."""
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


def check_scales(scales: list[dict[str, Any]], kind: str) -> list[str]:
    """List the scales without a reliability, its source, or a range."""
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
        if scale.get("better") not in (("high", "low", None) if kind == "task" else (None,)):
            problems.append(f"scale {scale.get('id')}: better is no end of a task's scale")
        if not scale.get("reliability_source"):
            problems.append(f"scale {scale.get('id')}: reliability has no source")
    return problems
