"""The report as a file on the application in SmartRecruiters: replaced, never piled up."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import force_locale

from eqsr.core.clock import now
from eqsr.core.messages import N_
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.results.queries import change, get
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors import NoAccess, NotFound, RequestRefused
from eqsr.smartrecruiters.profile import file_name


@dataclass(frozen=True)
class PdfReport:
    """A PDF. ``fingerprint`` is the same as long as the report says the same, whenever made."""

    name: str
    pdf: bytes
    fingerprint: str


# Makes the report of an invitation in the language in force, or None when there is nothing to say.
ReportMaker = Callable[[Invitation], PdfReport | None]
_makers: list[ReportMaker] = []


def made_by(maker: ReportMaker) -> None:
    """Register the function that makes reports. Called once, by extras.reports."""
    _makers[:] = [maker]


NO_SCOPE = N_(
    "The credential may not attach files: it needs the scope candidates_create and a system role "
    "that may see the job and candidate."
)


def write_report(client: SmartRecruiters, write_back_id: uuid.UUID, invitation: Invitation) -> None:
    """Attach the report if the job wants it and it says something new.

    The file is an extra: where SmartRecruiters refuses it, that is kept for the profile to show,
    and the note and the tags stand. Raises other SmartRecruitersErrors, to be tried again.
    """
    completed = invitation.state is InvitationState.COMPLETED
    if not (completed and invitation.job.attach_report):
        return
    application = invitation.application
    place = application.candidate.ats_id, application.ats_job.ats_id
    try:
        _replace(client, write_back_id, invitation, place)
    except NoAccess:
        change(write_back_id, report_problem=NO_SCOPE)
    except (NotFound, RequestRefused) as refusal:
        change(write_back_id, report_problem=refusal.sentence)
    else:
        change(write_back_id, report_problem=None)


def _replace(
    client: SmartRecruiters,
    write_back_id: uuid.UUID,
    invitation: Invitation,
    place: tuple[str, str],
) -> None:
    _settle(client, write_back_id, place)
    # As the note, it is read by the whole hiring team.
    with force_locale(invitation.job.organisation.language):
        report = _makers[0](invitation) if _makers else None
    written = get(write_back_id)
    if report is None:
        return
    if written.report_id and written.report_fingerprint == report.fingerprint:
        return
    if written.report_id:
        client.delete_attachment(written.report_id)
    # Two invitations of one person may be finished on one day.
    name = file_name(report.name.removesuffix(".pdf") + f" {invitation.id.hex[-6:]}.pdf")
    change(
        write_back_id,
        report_id=None,
        report_name=name,
        report_fingerprint=report.fingerprint,
        attaching_at=now(),
    )
    report_id = client.attach(*place, name, report.pdf, "application/pdf")
    change(write_back_id, report_id=report_id, attaching_at=None)


def _settle(client: SmartRecruiters, write_back_id: uuid.UUID, place: tuple[str, str]) -> None:
    """If an earlier try ended while it attached the file: is it there?"""
    written = get(write_back_id)
    if written.attaching_at is None:
        return
    there = [one.ats_id for one in client.attachments(*place) if one.name == written.report_name]
    change(write_back_id, report_id=there[0] if there else None, attaching_at=None)
