"""Records requests and answers as JSON lines, for tests that compare them with the OpenAPI."""

import json
import threading
from pathlib import Path
from typing import Any

from flask import Request, Response


class Recorder:
    """Appends to a file; each line is written before its answer is sent."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._file = path.open("a", encoding="utf-8")

    def write(self, request: Request, response: Response, **facts: Any) -> None:
        """Record one exchange, with ``facts`` about how the answer was made."""
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
    """Return the JSON body, or the form: the text of each field and the name of each file."""
    if request.form or request.files:
        files = {name: {"file": file.filename} for name, file in request.files.items()}
        return {"form": request.form.to_dict() | files}
    return {"json": request.get_json(silent=True)} if request.data else None


def _answered(response: Response) -> Any:
    """Return the JSON body, None without a body, or the content type of anything else."""
    if not response.get_data():
        return None
    found = response.get_json(silent=True)
    return {"json": found} if found is not None else {"type": response.content_type}
