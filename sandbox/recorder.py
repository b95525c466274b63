"""What was asked and answered, a line of JSON each, for tests that compare it with the OpenAPI."""

import json
import threading
from pathlib import Path
from typing import Any

from flask import Request, Response


class Recorder:
    """Appends to a file; a line is there before its answer is sent."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._file = path.open("a", encoding="utf-8")

    def write(self, request: Request, response: Response, **facts: Any) -> None:
        """Write one exchange down, with ``facts`` about how it came to be."""
        line = {
            "method": request.method,
            "path": request.path,
            "query": request.args.to_dict(flat=False),
            "agent": request.headers.get("User-Agent", ""),
            "sent": _sent(request),
            "status": response.status_code,
            "answered": _answered(response),
            **facts,
        }
        with self._lock:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()


def _sent(request: Request) -> Any:
    """The JSON body, or the form: each field's text, and each file's name."""
    if request.form or request.files:
        files = {name: {"file": file.filename} for name, file in request.files.items()}
        return {"form": request.form.to_dict() | files}
    return {"json": request.get_json(silent=True)} if request.data else None


def _answered(response: Response) -> Any:
    """The JSON body; None without a body; the content type of anything else."""
    if not response.get_data():
        return None
    found = response.get_json(silent=True)
    return {"json": found} if found is not None else {"type": response.content_type}
