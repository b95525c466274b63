"""Complete records for tests that count: one profile, or everything in one company."""

from typing import Any

from .clock import iso
from .profile_api import attachments_of
from .state import Application, Candidate, Company, Note


def profile(company: Company, candidate: Candidate) -> dict[str, Any]:
    """Return everything that the candidate's profile shows."""
    notes = [company.notes[note_id] for note_id in company.notes_of_candidate.get(candidate.id, [])]
    return {
        "id": candidate.id,
        "firstName": candidate.first_name,
        "lastName": candidate.last_name,
        "email": candidate.email,
        "tags": candidate.tags,
        "notes": [_note(note) for note in notes if note.deleted_on is None],
        "attachments": [
            {
                "id": each.id,
                "jobId": each.job_id,
                "name": each.name,
                "type": each.type,
                "contentType": each.content_type,
                "size": len(each.content),
                "createdOn": iso(each.created_on),
                "author": each.author,
            }
            for each in attachments_of(company, candidate.id)
        ],
        "applications": [_application(company, each) for each in candidate.applications.values()],
    }


def _application(company: Company, application: Application) -> dict[str, Any]:
    return {
        "applicationId": application.id,
        "jobId": application.job_id,
        "jobTitle": company.jobs[application.job_id].title,
        "status": application.status,
        "subStatus": application.sub_status,
        "properties": {
            company.properties[property_id].label: value
            for property_id, value in application.properties.items()
        },
        "history": [
            {
                "changedOn": iso(entry["changedOn"]),
                "status": entry["status"],
                "subStatus": entry["subStatus"],
            }
            for entry in application.history
        ],
    }


def _note(note: Note) -> dict[str, Any]:
    return {
        "id": note.id,
        "content": note.content,
        "candidateIds": note.candidate_ids,
        "visibility": note.visibility,
        "author": note.author,
        "correlationId": note.correlation_id,
        "createdOn": iso(note.created_on),
        "deletedOn": iso(note.deleted_on),
    }


def books(company: Company) -> dict[str, Any]:
    """Return all moves, notes (also deleted ones) and tag writes of a company, oldest first.

    ``counts.notesPresent`` and ``notesByCandidate`` count only the notes that are still on a
    profile.
    """
    notes = list(company.notes.values())
    present = [note for note in notes if note.deleted_on is None]
    by_candidate: dict[str, int] = {}
    for note in present:
        for candidate_id in note.candidate_ids:
            by_candidate[candidate_id] = by_candidate.get(candidate_id, 0) + 1
    return {
        "company": company.id,
        "moves": company.moves,
        "notes": [_note(note) for note in notes],
        "notesByCandidate": by_candidate,
        "tagWrites": company.tag_writes,
        "tagsByCandidate": {
            candidate.id: candidate.tags
            for candidate in company.candidates.values()
            if candidate.tags
        },
        "deletedCandidates": list(company.deleted_candidates),
        "counts": {
            "jobs": len(company.jobs),
            "candidates": len(company.candidates),
            "moves": len(company.moves),
            "notesWritten": len(notes),
            "notesPresent": len(present),
            "tagWrites": len(company.tag_writes),
            "attachments": len(company.attachments),
        },
    }
