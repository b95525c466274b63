"""Calls that write to a candidate's profile: tags, properties and attachments."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress

from eqsr.smartrecruiters.endpoint import Endpoint
from eqsr.smartrecruiters.errors.refusals import NotFound
from eqsr.smartrecruiters.parsers import lists
from eqsr.smartrecruiters.parsers import profile as parsers
from eqsr.smartrecruiters.transport import Transport
from eqsr.smartrecruiters.types.profile import Attachment, CandidateProperty, PropertyValue

ADD_TAGS = Endpoint("POST", "/candidates/{candidate_id}/tags", "candidates_manage")
REPLACE_TAGS = Endpoint("PUT", "/candidates/{candidate_id}/tags", "candidates_manage")
PROPERTY_DEFINITIONS = Endpoint("GET", "/configuration/candidate-properties", "configuration_read")
SET_PROPERTIES = Endpoint(
    "PUT", "/candidates/{candidate_id}/jobs/{job_id}/properties", "candidates_manage"
)
ATTACHMENTS = Endpoint(
    "GET", "/candidates/{candidate_id}/jobs/{job_id}/attachments", "candidates_read"
)
ATTACH = Endpoint(
    "POST", "/candidates/{candidate_id}/jobs/{job_id}/attachments", "candidates_create"
)
DELETE_ATTACHMENT = Endpoint(
    "DELETE", "/candidates/attachments/{attachment_id}", "candidates_manage"
)

_PROPERTIES_PER_CALL = 100
_UNFIT_FOR_FILE_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\ud800-\udfff]+')


class ProfileCalls:
    """Calls about profiles; each raises SmartRecruitersError."""

    _transport: Transport

    def add_tags(self, candidate_id: str, tags: Iterable[str]) -> None:
        """Add tags (at most 100 of 50 characters each) to the existing ones."""
        self._transport.send(
            ADD_TAGS, {"candidate_id": candidate_id}, json={"tags": list(dict.fromkeys(tags))}
        )

    def replace_tags(self, candidate_id: str, tags: Iterable[str]) -> None:
        """Replace all tags of the candidate, including those that others added."""
        self._transport.send(
            REPLACE_TAGS, {"candidate_id": candidate_id}, json={"tags": list(dict.fromkeys(tags))}
        )

    def candidate_properties(self) -> tuple[CandidateProperty, ...]:
        """Read the profile fields that the customer's admin defined; the API can't create any."""
        read = lists.content_of(parsers.candidate_property)
        return self._transport.send(PROPERTY_DEFINITIONS).read(read)

    def set_properties(
        self, candidate_id: str, job_id: str, values: Mapping[str, PropertyValue | None]
    ) -> None:
        """Write profile fields by property id; None empties a field. Safe to repeat."""
        body = [
            {"id": property_id} if value is None else {"id": property_id, "value": value}
            for property_id, value in values.items()
        ]
        for start in range(0, len(body), _PROPERTIES_PER_CALL):
            self._transport.send(
                SET_PROPERTIES,
                {"candidate_id": candidate_id, "job_id": job_id},
                json=body[start : start + _PROPERTIES_PER_CALL],
            )

    def attachments(self, candidate_id: str, job_id: str) -> tuple[Attachment, ...]:
        """Read the list of the application's files."""
        read = lists.content_of(parsers.attachment, lenient=True)
        ids = {"candidate_id": candidate_id, "job_id": job_id}
        return self._transport.send(ATTACHMENTS, ids).read(read)

    def attach(
        self, candidate_id: str, job_id: str, name: str, content: bytes, content_type: str
    ) -> str:
        """Attach a file to the application; returns the attachment's id.

        Raises RequestRefused with the code FILE_ALREADY_EXIST if the application has such a file;
        put the date into ``name`` to avoid that.
        """
        answer = self._transport.send(
            ATTACH,
            {"candidate_id": candidate_id, "job_id": job_id},
            data={"attachmentType": "GENERIC_FILE"},
            files={"file": (file_name(name), content, content_type)},
        )
        return answer.read(parsers.new_id)

    def delete_attachment(self, attachment_id: str) -> None:
        """Delete a file that we attached; does nothing if it does not exist."""
        with suppress(NotFound):
            self._transport.send(DELETE_ATTACHMENT, {"attachment_id": attachment_id})


def file_name(name: str) -> str:
    """Replace characters in a file name that file systems or HTTP headers do not allow."""
    return _UNFIT_FOR_FILE_NAME.sub("_", name).strip(" .") or "attachment"
