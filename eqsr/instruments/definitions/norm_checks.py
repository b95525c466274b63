"""Checks of an instrument's norm groups."""

from pathlib import Path
from typing import Any

from eqsr.instruments.definitions.json_files import read_or_report

NORM_KEYS = ("id", "version", "name", "source", "population", "n", "date", "licence", "caveats")


def check_norms(folder: Path, manifest: dict[str, Any], scale_ids: list[str]) -> list[str]:
    """List the problems of the norm groups: missing fields, unknown scales, impossible values."""
    problems: list[str] = []
    paths = sorted((folder / "norms").glob("*.json"))
    wanted = manifest["default_norm"]
    if wanted is not None and wanted not in [path.stem for path in paths]:
        problems.append(f"norms: the default norm {manifest['default_norm']} is missing")
    for path in paths:
        norm = read_or_report(path, problems)
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
