"""Attaching the report to the application in SmartRecruiters; a new one replaces the old one."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from eqsr.core.clock import now
from eqsr.core.formats import written_for
from eqsr.core.messages import N_
from eqsr.invitations.ats_application import AtsApplication
from eqsr.invitations.models import Invitation
from eqsr.results import restored_writes
from eqsr.results.queries import change, get
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.access import NoAccess
from eqsr.smartrecruiters.errors.refusals import NotFound, RequestRefused
from eqsr.smartrecruiters.profile import file_name


@dataclass(frozen=True)
class PdfReport:
    """A PDF file. ``fingerprint`` stays the same as long as the report's content does."""

    name: str
    pdf: bytes
    fingerprint: str


# Makes an invitation's report in the current language; returns None if there is nothing to report.
ReportMaker = Callable[[Invitation], PdfReport | None]
_makers: list[ReportMaker] = []


def made_by(maker: ReportMaker) -> None:
    """Register the function that makes reports; extras.reports calls this once."""
    _makers[:] = [maker]


NO_SCOPE = N_(
    "The credential may not attach files: it needs the scope candidates_create and a system role "
    "that may see the job and candidate."
)


def write_report(
    client: SmartRecruiters,
    write_back_id: uuid.UUID,
    invitation: Invitation,
    there: AtsApplication,
) -> None:
    """Attach the report if the job asks for it and its content is new.

    If SmartRecruiters refuses the file, store the problem for the profile page; note and tags stay.
    Raises any other SmartRecruitersError, so that the work is retried.
    """
    if invitation.result_at is None or not invitation.job.attach_report:
        return
    try:
        _replace(client, write_back_id, invitation, (there.candidate_id, there.job_id))
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
    # The hiring team reads it, so it is in the organisation's language and tells its days.
    organisation = invitation.job.organisation
    with written_for(organisation.language, organisation.time_zone):
        report = _makers[0](invitation) if _makers else None
    written = get(write_back_id)
    if report is None:
        return
    if written.report_id and written.report_fingerprint == report.fingerprint:
        return
    if written.report_id:
        client.delete_attachment(written.report_id)
    # One person may finish two invitations on the same day, so the name ends with an id.
    name = file_name(report.name.removesuffix(".pdf") + f" {invitation.id.hex[-6:]}.pdf")
    if restored_writes.adopt_report(client, write_back_id, place, name):
        change(write_back_id, report_fingerprint=report.fingerprint)
        return
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
    """If an earlier attempt ended while attaching the file, find out whether it is there."""
    written = get(write_back_id)
    if written.attaching_at is None:
        return
    there = [one.ats_id for one in client.attachments(*place) if one.name == written.report_name]
    change(write_back_id, report_id=there[0] if there else None, attaching_at=None)
