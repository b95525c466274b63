"""Checking that an instrument's folder is complete, before anyone takes the instrument."""

import re
from pathlib import Path
from typing import Any

from eqsr.instruments.definitions.item_checks import check_items
from eqsr.instruments.definitions.json_files import read_or_report
from eqsr.instruments.definitions.norm_checks import check_norms
from eqsr.instruments.definitions.scale_checks import check_facets, check_scales
from eqsr.instruments.definitions.text_checks import check_explanations, check_interview, check_text
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


def check(folder: Path) -> list[str]:
    """List every problem of an instrument's folder in sentences; an empty list means complete.

    Reads the files rather than a loaded instrument, so that it can list everything that is missing
    or damaged instead of stopping at the first problem.
    """
    problems: list[str] = []
    manifest = read_or_report(folder / "instrument.json", problems)
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
    problems += check_scales(manifest["scales"] + manifest.get("facets", []), kind)
    problems += check_facets(manifest, scale_ids)
    problems += check_norms(folder, manifest, scale_ids)
    if kind == "task":
        problems += check_trials(folder, manifest, scale_ids)
    else:
        problems += check_items(folder, manifest, scale_ids)
    for language in manifest["languages"]:
        problems += check_text(manifest, language, scale_ids)
        problems += check_explanations(folder, language, manifest["scales"])
        problems += check_interview(folder, language, scale_ids)
    return problems


def _kind_name(wanted: Any) -> str:
    return wanted.__name__ if isinstance(wanted, type) else "str or null"
