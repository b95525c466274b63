"""Compares what was asked and answered with SmartRecruiters' published OpenAPI; see SOURCE.md."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match

SHAPES = json.loads(Path(__file__).with_name("shapes.json").read_text())
PRODUCT = "eqsr"
"""The User-Agent of the product; others, such as tests of the sandbox, may ask what they like."""
SCOPE_ERROR = re.compile("oauth_?permissions", re.IGNORECASE)
LOCAL = re.compile(r"http://(127\.0\.0\.1|localhost)\b")

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

formats = FormatChecker(formats=())


@formats.checks("date-time", raises=ValueError)
def _moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@formats.checks("uuid", raises=ValueError)
def _uuid(value: object) -> bool:
    return not isinstance(value, str) or str(UUID(value)) == value.lower()


@formats.checks("email")
def _email(value: object) -> bool:
    return (
        not isinstance(value, str) or re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value) is not None
    )


@dataclass(frozen=True)
class Operation:
    """One call that is documented; ``request`` and the values of ``responses`` name shapes."""

    method: str
    path: str
    query: frozenset[str]
    query_required: frozenset[str]
    request: str | None
    responses: dict[int, str | None]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@cache
def operations() -> list[tuple[re.Pattern[str], Operation]]:
    """All of them with a pattern of their path, the most literal ones first."""
    found = [
        Operation(
            one["method"],
            one["path"],
            frozenset(one["query"]),
            frozenset(one["query_required"]),
            one["request"],
            {int(status): shape for status, shape in one["responses"].items()},
        )
        for one in SHAPES["operations"]
    ]
    found.sort(key=lambda one: one.path.count("{x}"))
    return [(re.compile(one.path.replace("{x}", "[^/]+")), one) for one in found]


def operation(method: str, path: str) -> Operation | None:
    return next(
        (one for where, one in operations() if one.method == method and where.fullmatch(path)),
        None,
    )


@cache
def _validator(shape: str) -> Draft202012Validator:
    schema = {"$ref": f"#/$defs/{shape}", "$defs": SHAPES["$defs"]}
    return Draft202012Validator(schema, format_checker=formats)


def _against(shape: str, document: Any) -> str | None:
    """What is wrong with the document, or None."""
    if shape not in SHAPES["$defs"]:
        raise KeyError(shape)
    error = best_match(_validator(shape).iter_errors(document))
    return f"{shape} {error.json_path}: {error.message[:300]}" if error else None


def problems(exchange: dict[str, Any]) -> list[str]:
    """What is not as documented in one line of the sandbox's record."""
    asked = f"{exchange['method']} {exchange['path']}"
    found = operation(exchange["method"], exchange["path"])
    ours = exchange["agent"] == PRODUCT
    if found is None:
        return [f"{asked} is not documented"] if ours else []
    wrong_request = _wrong_request(found, exchange)
    said = [f"{asked}: {wrong_request}"] if wrong_request and ours else []
    # A fault answers what it likes, and what was assumed formerly is not what is documented.
    if not exchange["faulty"] and exchange["answers"] == "documented":
        excused = wrong_request is not None and not ours
        wrong = _wrong_answer(found, exchange, excused=excused)
        said += [f"{asked} answered {exchange['status']}: {wrong}"] if wrong else []
    return said


def _wrong_request(found: Operation, exchange: dict[str, Any]) -> str | None:
    unknown = set(exchange["query"]) - found.query
    missing = found.query_required - set(exchange["query"])
    if unknown or missing:
        return f"query {sorted(unknown)} is unknown, {sorted(missing)} is missing"
    sent = exchange["sent"]
    if found.request is None:
        return "there is a body" if sent else None
    if sent is None:
        return "there is no body"
    if found.request == "form":
        needed = {"grant_type", "client_id", "client_secret"}
        return None if needed <= set(sent.get("form", {})) else "the form is incomplete"
    if found.request == "multipart":
        return _wrong_upload(sent.get("form", {}))
    document = sent.get("json")
    if isinstance(document, dict) and LOCAL.match(str(document.get("callbackUrl"))):
        document = document | {"callbackUrl": "https" + document["callbackUrl"][4:]}
    return _against(found.request, document)


def _wrong_upload(form: dict[str, Any]) -> str | None:
    kinds = ("GENERIC_FILE", "RESUME", "COVER_LETTER")
    if form.get("attachmentType") not in kinds or not isinstance(form.get("file"), dict):
        return "attachmentType or file is missing"
    return None


def _wrong_answer(found: Operation, exchange: dict[str, Any], *, excused: bool) -> str | None:
    """``excused``: the request was wrong on purpose, so any refusal is right."""
    status, answered = exchange["status"], exchange["answered"]
    if status in found.responses:
        shape = found.responses[status]
        if shape is None:
            # Files are downloaded as they are; whatever else has no shape has no body.
            return None if status in (200, 401) or answered is None else "there is a body"
    elif status == 404 and not any(400 <= known < 500 for known in found.responses):
        # Where no refusal at all is documented, something that is gone is still not there.
        shape = "ErrorResponse"
    elif not (_general(status, answered) or (excused and 400 <= status < 500)):
        return f"the status is not one of {sorted(found.responses)}"
    else:
        shape = "ErrorResponse"
    if not isinstance(answered, dict) or "json" not in answered:
        return "there is no JSON"
    return _against(shape, answered["json"])


def _general(status: int, answered: Any) -> bool:
    """What SmartRecruiters' pages about errors, scopes and limits say of all operations."""
    if status == 403:
        return SCOPE_ERROR.search(json.dumps(answered)) is not None
    return status in (401, 429)


class Traffic:
    """What a sandbox has recorded, read on from where it was read to before."""

    def __init__(self, path: Path) -> None:
        self._path, self._read_to = path, 0

    def exchanges(self) -> Iterator[dict[str, Any]]:
        """Those since the last time. A line that is still being written waits for the next."""
        with self._path.open("rb") as file:
            file.seek(self._read_to)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self._read_to += len(line)
                yield json.loads(line)

    def forget(self) -> None:
        """Delete the record."""
        self._path.unlink(missing_ok=True)

    def check(self) -> None:
        """Raises AssertionError that names each kind of difference once."""
        wrong = [said for exchange in self.exchanges() for said in problems(exchange)]
        listed = "\n".join(dict.fromkeys(wrong))
        assert not wrong, f"Not as SmartRecruiters' OpenAPI documents it:\n{listed}"
