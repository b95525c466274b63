"""Checks of a questionnaire's items."""

from collections import Counter
from pathlib import Path
from typing import Any

from eqsr.instruments.definitions.json_files import read_or_report


def check_items(folder: Path, manifest: dict[str, Any], scale_ids: list[str]) -> list[str]:
    """List the problems of items.json: keys, scales, texts and opposite pairs."""
    problems: list[str] = []
    content = read_or_report(folder / "items.json", problems)
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
