"""Reading the JSON files of an instrument's folder."""

import json
from pathlib import Path
from typing import Any


def read_json(path: Path) -> dict[str, Any]:
    """Read a file that holds a JSON object."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def read_or_report(path: Path, problems: list[str]) -> dict[str, Any] | None:
    """Read a file that holds a JSON object; None, and a line in ``problems``, if it does not."""
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
