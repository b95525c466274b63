"""Notes on a profile: ``/messages/shares`` and ``/messages``."""

import re
import uuid
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .candidates_api import json_body
from .clock import iso
from .errors import ApiError
from .gate import Caller, documented, needs, world
from .paging import list_object, plain_array
from .state import Company, Note

blueprint = Blueprint("messages", __name__)

_CANDIDATE = re.compile(r"#\[CANDIDATE:([^\]]+)\]")
_USER = re.compile(r"@\[USER:([^\]]+)\]")
MAX_RECIPIENTS = 100
MAX_CONTENT = 10_000


@blueprint.post("/messages/shares")
@needs("messages_write")
def share_note(caller: Caller) -> tuple[Response, int]:
    """Write a note; ``#[CANDIDATE:id]`` in the content puts it on that candidate's profile."""
    wish = json_body()
    content, share = wish.get("content"), wish.get("shareWith") or {}
    if not isinstance(content, str) or not content.strip() or not isinstance(share, dict):
        raise ApiError(400, "INVALID_REQUEST_BODY", "A note needs content and shareWith.")
    if documented() and len(content) > MAX_CONTENT:
        raise ApiError(400, "INVALID_REQUEST_BODY", f"At most {MAX_CONTENT} characters.")
    candidate_ids = list(dict.fromkeys(_CANDIDATE.findall(content)))
    visibility = _check(caller.company, content, candidate_ids, share)
    correlation_id = wish.get("correlationId")
    note = add_note(
        world(),
        caller.company,
        content if not correlation_id else f"{content}\n{correlation_id}",
        candidate_ids,
        visibility,
        caller.credential.name,
        None if correlation_id is None else str(correlation_id),
    )
    return jsonify({"id": note.id, "shareRequired": False}), 201


def add_note(
    world_: Any,
    company: Company,
    content: str,
    candidate_ids: list[str],
    visibility: str,
    author: str,
    correlation_id: str | None = None,
) -> Note:
    """Put a note on the profiles of the given candidates."""
    note = Note(
        id=str(uuid.uuid4()),
        content=content,
        candidate_ids=candidate_ids,
        visibility=visibility,
        author=author,
        created_on=world_.clock.now(),
        correlation_id=correlation_id,
    )
    company.notes[note.id] = note
    for candidate_id in candidate_ids:
        company.notes_of_candidate.setdefault(candidate_id, []).append(note.id)
    return note


def _check(company: Company, content: str, candidate_ids: list[str], share: dict[str, Any]) -> str:
    users, jobs = share.get("users") or [], share.get("hiringTeamOf") or []
    everyone, open_note = bool(share.get("everyone")), bool(share.get("openNote"))
    if everyone and open_note:
        message = "A note is either open or for everyone."
        raise ApiError(400, "INVALID_VISIBILITY_OPTIONS", message)
    mentioned = [company.candidates.get(candidate_id) for candidate_id in candidate_ids]
    if any(each is None or each.out_of_reach for each in mentioned):
        raise ApiError(400, "NO_ACCESS_TO_CANDIDATE", "There is no access to this candidate.")
    if any(job_id not in company.jobs for job_id in jobs):
        raise ApiError(400, "JOB_NOT_FOUND", "There is no such job.")
    if any(user_id not in company.users for user_id in _USER.findall(content)):
        raise ApiError(400, "MENTIONED_USERS_NOT_FOUND", "A mentioned user does not exist.")
    if any(user_id not in company.users for user_id in users):
        raise ApiError(400, "SHARED_WITH_USERS_NOT_FOUND", "A recipient does not exist.")
    if len(users) > MAX_RECIPIENTS:
        raise ApiError(400, "TOO_MANY_RECIPIENTS", f"At most {MAX_RECIPIENTS} recipients.")
    if everyone:
        return "EVERYONE"
    if open_note:
        return "OPEN"
    return "DIRECT" if users or jobs else "PRIVATE"


@blueprint.delete("/messages/shares/<note_id>")
@needs("messages_manage")
def delete_note(caller: Caller, note_id: str) -> tuple[str, int]:
    """Delete a note; the API cannot change one."""
    company = caller.company
    note = company.notes.get(note_id)
    if note is None or note.deleted_on is not None:
        raise ApiError(404, "MESSAGE_NOT_FOUND", "There is no such message.")
    about = [company.candidates.get(each) for each in note.candidate_ids]
    if any(each is not None and each.out_of_reach for each in about):
        raise ApiError(403, "PERMISSION_DENIED", "There is no access to this candidate.")
    note.deleted_on = world().clock.now()
    return "", 204


@blueprint.get("/messages")
@needs("messages_read")
def list_notes(caller: Caller) -> Response:
    """List notes, only for a credential with the Administrator role. The items have no id."""
    if caller.credential.role != "Administrator":
        raise ApiError(403, "PERMISSION_DENIED", "Only the Administrator role may list messages.")
    candidate_id, job_id = request.args.get("candidateId"), request.args.get("jobId")
    company = caller.company
    if documented():
        _check_list(company, candidate_id, job_id)
    on_job = company.candidates_of_job.get(job_id or "", {})
    notes = [
        note
        for note in company.notes.values()
        if note.deleted_on is None
        and (not candidate_id or candidate_id in note.candidate_ids)
        and (not job_id or any(each in on_job for each in note.candidate_ids))
    ]
    notes.sort(key=lambda note: note.id)
    if not documented():
        return list_object(notes, lambda note: note.id, _assumed_shape)
    return plain_array(
        notes, lambda note: note.id, lambda note: _shape(company, note), parameter="pageId"
    )


def _check_list(company: Company, candidate_id: str | None, job_id: str | None) -> None:
    candidate = company.candidates.get(candidate_id or "")
    if candidate is None:
        raise ApiError(400, "CANDIDATE_NOT_FOUND", "There is no such candidate.")
    if candidate.out_of_reach:
        raise ApiError(403, "PERMISSION_DENIED", "There is no access to this candidate.")
    if job_id and job_id not in company.jobs:
        raise ApiError(400, "JOB_NOT_FOUND", "There is no such job.")


def _shape(company: Company, note: Note) -> dict[str, Any]:
    found = [company.candidates[each] for each in note.candidate_ids if each in company.candidates]
    return _core(note) | {
        "context": {
            "applications": [
                {"candidateId": candidate.id, "jobId": job_id}
                for candidate in found
                for job_id in candidate.applications or [None]
            ]
        }
    }


def _assumed_shape(note: Note) -> dict[str, Any]:
    return _core(note) | {"context": {"candidateIds": note.candidate_ids}}


def _core(note: Note) -> dict[str, Any]:
    return {
        "content": note.content,
        "createdOn": iso(note.created_on),
        "visibility": note.visibility,
        "authorId": note.author,
    }
