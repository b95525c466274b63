"""Formats of stages, dates and notes on pages."""

import re
from datetime import UTC, datetime

from flask import url_for
from markupsafe import Markup, escape

from ..state import Company

STAGE_NAMES = {
    "LEAD": "Lead",
    "NEW": "New",
    "IN_REVIEW": "In review",
    "INTERVIEW": "Interview",
    "OFFERED": "Offered",
    "HIRED": "Hired",
    "REJECTED": "Rejected",
    "WITHDRAWN": "Withdrawn",
    "TRANSFERRED": "Transferred",
}
_URL = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
_CANDIDATE = re.compile(r"#\[CANDIDATE:([^\]]+)\]")


def stage(status: str, sub_status: str | None = None) -> str:
    """Format a stage for people: ``In review: Assessment``."""
    name = STAGE_NAMES[status]
    return f"{name}: {sub_status}" if sub_status else name


def words(constant: str) -> str:
    """Format an UPPER_SNAKE word for people: ``ON_HOLD`` becomes ``On hold``."""
    return constant.replace("_", " ").capitalize()


def moment(seconds: float | None) -> str:
    """Format a date and time for people, in UTC."""
    if seconds is None:
        return ""
    return datetime.fromtimestamp(seconds, UTC).strftime("%d %b %Y, %H:%M:%S UTC")


def linkify(text: str, company: Company) -> Markup:
    """Escape a note, link its URLs and replace candidate references with names."""
    parts: list[Markup] = []
    position = 0
    found = sorted(
        [*_URL.finditer(text), *_CANDIDATE.finditer(text)], key=lambda match: match.start()
    )
    for match in found:
        if match.start() < position:
            continue
        parts.append(escape(text[position : match.start()]))
        parts.append(_link(match, company))
        position = match.end()
    parts.append(escape(text[position:]))
    return Markup("").join(parts)


def _link(match: re.Match[str], company: Company) -> Markup:
    if match.re is _URL:
        return Markup('<a href="{0}" rel="noopener">{0}</a>').format(match[0])
    candidate = company.candidates.get(match[1])
    if candidate is None:
        return Markup("<em>a deleted candidate</em>")
    target = url_for("page_candidates.show", company_id=company.id, candidate_id=candidate.id)
    return Markup('<a href="{}">{}</a>').format(target, candidate.name)
