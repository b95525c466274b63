"""What the Customer API writes to an application: attachments and candidate properties."""

import uuid
from typing import Any

from flask import Blueprint, Response, jsonify, request

from . import events, shapes
from .candidates_api import MANAGE, READ, application_for, json_body
from .clock import parse_iso
from .errors import ApiError
from .gate import Caller, documented, needs, world
from .state import Attachment, Company, Property

blueprint = Blueprint("profile", __name__)

ATTACHMENT_TYPES = ("GENERIC_FILE", "RESUME", "COVER_LETTER")
# The allowed extensions and the number of files are not documented; these are guesses.
EXTENSIONS = (
    "pdf",
    "doc",
    "docx",
    "txt",
    "rtf",
    "odt",
    "jpg",
    "jpeg",
    "png",
    "csv",
    "xlsx",
    "pptx",
)
MAX_ATTACHMENTS = 100


@blueprint.get("/candidates/<candidate_id>/jobs/<job_id>/attachments")
@needs(READ)
def list_attachments(caller: Caller, candidate_id: str, job_id: str) -> Response:
    """List the attachments of one application."""
    application_for(caller, candidate_id, job_id)
    found = attachments_of(caller.company, candidate_id, job_id)
    content = [shapes.attachment(world().base_url, each) for each in found]
    return jsonify({"totalFound": len(content), "content": content})


def attachments_of(
    company: Company, candidate_id: str, job_id: str | None = None
) -> list[Attachment]:
    """Return a candidate's files, oldest first, for one job or for all."""
    ids = company.attachments_of_candidate.get(candidate_id, [])
    found = [company.attachments[attachment_id] for attachment_id in ids]
    return [each for each in found if job_id is None or each.job_id == job_id]


@blueprint.post("/candidates/<candidate_id>/jobs/<job_id>/attachments")
@needs("candidates_create")
def add_attachment(caller: Caller, candidate_id: str, job_id: str) -> tuple[Response, int]:
    """Store a file; the same name or content on one application is a duplicate (a guess)."""
    company, application = caller.company, application_for(caller, candidate_id, job_id)
    kind = request.form.get("attachmentType", "")
    upload = request.files.get("file")
    if kind not in ATTACHMENT_TYPES or upload is None:
        message = "The parts attachmentType and file are required."
        raise ApiError(400, "INVALID_REQUEST_BODY", message)
    content, name = upload.read(), upload.filename or ""
    _check_file(name, content)
    others = attachments_of(company, candidate_id, job_id)
    if any(other.name == name or other.content == content for other in others):
        raise ApiError(400, "FILE_ALREADY_EXIST", "This file is already attached.")
    if len(others) >= MAX_ATTACHMENTS:
        raise ApiError(422, "ATTACHMENT_LIMIT_EXCEEDED", "There are too many attachments.")
    found = Attachment(
        id=str(uuid.uuid4()),
        candidate_id=candidate_id,
        job_id=job_id,
        name=name,
        type=kind,
        content_type=upload.mimetype or "application/octet-stream",
        content=content,
        created_on=world().clock.now(),
        author=caller.credential.name,
    )
    company.attachments[found.id] = found
    company.attachments_of_candidate.setdefault(candidate_id, []).append(found.id)
    events.publish_application(
        world(), company, "application.attachment.created", application, attachment_id=found.id
    )
    return jsonify(shapes.attachment(world().base_url, found)), 201


def _check_file(name: str, content: bytes) -> None:
    extension = name.rpartition(".")[2].lower()
    if extension not in EXTENSIONS or not content:
        raise ApiError(400, "INVALID_FILE", "This kind of file is not allowed, or it is empty.")
    if extension == "pdf" and not content.startswith(b"%PDF-"):
        raise ApiError(400, "INVALID_FILE", "The file is corrupt or not a PDF.")


def _attachment(caller: Caller, attachment_id: str) -> Attachment:
    found = caller.company.attachments.get(attachment_id)
    if found is None:
        code = "FILE_NOT_FOUND" if documented() else "ATTACHMENT_NOT_FOUND"
        raise ApiError(404, code, "There is no such attachment.")
    if caller.company.candidates[found.candidate_id].out_of_reach:
        raise ApiError(403, "PERMISSION_DENIED", "There is no access to this candidate.")
    return found


@blueprint.get("/candidates/attachments/<attachment_id>")
@needs(READ)
def download_attachment(caller: Caller, attachment_id: str) -> Response:
    """Download a file."""
    found = _attachment(caller, attachment_id)
    return Response(found.content, content_type=found.content_type)


@blueprint.delete("/candidates/attachments/<attachment_id>")
@needs(MANAGE)
def delete_attachment(caller: Caller, attachment_id: str) -> tuple[str, int]:
    """Delete a file."""
    found = _attachment(caller, attachment_id)
    del caller.company.attachments[found.id]
    caller.company.attachments_of_candidate[found.candidate_id].remove(found.id)
    return "", 204


@blueprint.get("/candidates/<candidate_id>/jobs/<job_id>/properties")
@needs(READ)
def read_properties(caller: Caller, candidate_id: str, job_id: str) -> Response:
    """Return the fields set on an application; ``{}`` if there are none."""
    application = application_for(caller, candidate_id, job_id)
    content = [
        shapes.property_value(world().base_url, caller.company.properties[property_id], value)
        for property_id, value in application.properties.items()
    ]
    return jsonify({"content": content} if content else {})


@blueprint.put("/candidates/<candidate_id>/jobs/<job_id>/properties")
@needs(MANAGE)
def write_properties(caller: Caller, candidate_id: str, job_id: str) -> tuple[str, int]:
    """Set 1 to 100 fields at once, all or none; an item without ``value`` clears its field."""
    company, application = caller.company, application_for(caller, candidate_id, job_id)
    items = json_body(list)
    if not 1 <= len(items) <= 100 or not all(isinstance(item, dict) for item in items):
        raise ApiError(400, "INVALID_REQUEST_BODY", "Send 1 to 100 properties.")
    ids = [str(item.get("id")) for item in items]
    if len(set(ids)) != len(ids):
        raise ApiError(400, "DUPLICATE_PROPERTIES", "A property is named twice.")
    for property_id, item in zip(ids, items, strict=True):
        if property_id not in company.properties:
            raise ApiError(404, "PROPERTY_NOT_FOUND", "There is no such property.")
        if "value" in item:
            _check_value(company, company.properties[property_id], item["value"])
    for property_id, item in zip(ids, items, strict=True):
        application.properties.pop(property_id, None)
        if "value" in item:
            application.properties[property_id] = item["value"]
    events.publish_application(world(), company, "application.fields.updated", application)
    return "", 204


def _check_value(company: Company, found: Property, value: Any) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    text = isinstance(value, str)
    code = "VALUE_NOT_FOUND"
    if found.type == "BOOLEAN":
        good = isinstance(value, bool)
    elif found.type in ("NUMBER", "PERCENT"):
        good = number
    elif found.type == "TEXT":
        good, code = text, "INVALID_TEXT_FORMAT"
    elif found.type == "DATE":
        good = text and _is_moment(value)
    elif found.type == "SINGLE_SELECT":
        good = text and value in found.values
    elif found.type == "CURRENCY":
        good, code = isinstance(value, dict) and "code" in value, "CURRENCY_NOT_FOUND"
    elif found.type == "COUNTRY":
        good, code = text and len(value) == 2, "COUNTRY_NOT_FOUND"
    elif found.type == "USER":
        good, code = text and value in company.users, "USER_NOT_FOUND"
    else:
        good, code = text, "REGION_NOT_FOUND"
    if not good:
        raise ApiError(400, code, f"This is not a value for {found.label}.")


def _is_moment(text: str) -> bool:
    try:
        parse_iso(text)
    except ValueError:
        return False
    return True
