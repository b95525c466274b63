"""Making reports, and switching them on for a job."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import get_locale
from flask_babel import gettext as _

from eqsr import formats
from eqsr.accounts.models import User
from eqsr.candidates import service as candidates
from eqsr.candidates.models import Candidate
from eqsr.candidates.service import Block, Profile
from eqsr.clock import now
from eqsr.db import transaction
from eqsr.invitations.models import Invitation
from eqsr.jobs.models import Job
from eqsr.ledger import service as ledger
from eqsr.reports.content import content
from eqsr.reports.elements import Text


@dataclass(frozen=True)
class Report:
    """A PDF. ``fingerprint`` is the same as long as the report says the same, whenever made."""

    name: str
    pdf: bytes
    fingerprint: str


def of_profile(profile: Profile, organisation: str) -> Report:
    """All that the viewer sees of the candidate, in the viewer's language."""
    return _report(profile.candidate, profile.blocks, organisation, now())


def of_invitation(invitation: Invitation) -> Report | None:
    """The result of one invitation, in the language in force; None when there is none."""
    blocks = candidates.blocks_of([invitation])
    if not blocks[0].has_result:
        return None
    candidate = invitation.application.candidate
    return _report(candidate, blocks, invitation.job.organisation.name, now())


def switch(job: Job, on: bool, user: User) -> None:
    """Attach the reports of this job's candidates in SmartRecruiters from now on, or no more.
    What is attached stays."""
    with transaction() as session:
        job = session.get_one(Job, job.id, populate_existing=True, with_for_update=True)
        if job.attach_report is on:
            return
        job.attach_report = on
        kind = "report_switched_on" if on else "report_switched_off"
        ledger.note(kind, job.organisation_id, job_id=job.id, user=user.name or user.email)


def _report(
    candidate: Candidate, blocks: Sequence[Block], organisation: str, made: datetime
) -> Report:
    # fpdf2 and what it brings take 58 MB: only a process that has printed a report pays for it.
    from eqsr.reports.paper import MISSING, paper, printable

    elements = content(candidate, blocks, organisation)
    day = formats.day(made)
    footer = _(
        "%(name)s · %(organisation)s · %(date)s · confidential",
        name=candidate.name,
        organisation=organisation,
        date=day,
    )
    title = _("Assessment report %(name)s", name=candidate.name)
    language = str(get_locale() or "en").replace("_", "-")
    dated = [*elements[:2], Text(_("Made on %(date)s", date=day), "muted"), *elements[2:]]
    if MISSING in printable(candidate.name):
        unread = _("The name has letters that this document can't print. The profile shows them.")
        dated.insert(3, Text(unread, "muted"))
    pdf = paper(dated, title=title, footer=footer, language=language, made=made)
    fingerprint = hashlib.sha256(repr(elements).encode()).hexdigest()
    return Report(" ".join(f"{title} {made:%Y-%m-%d}.pdf".split()), pdf, fingerprint)
