"""Make reports, and switch them on for a job."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from flask_babel import get_locale
from flask_babel import gettext as _

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.models import Candidate
from eqsr.core import formats
from eqsr.core.bidi import isolated
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.extras.reports.content import content
from eqsr.extras.reports.elements import Text
from eqsr.invitations.models import Invitation
from eqsr.jobs.models import Job
from eqsr.results.report_file import PdfReport
from eqsr.screens.profile.blocks import Block, blocks_of
from eqsr.screens.profile.profile import Profile


def of_profile(profile: Profile, organisation: str) -> PdfReport:
    """A report of everything in the profile, in the viewer's language."""
    return _report(profile.candidate, profile.blocks, organisation, now())


def of_invitation(invitation: Invitation) -> PdfReport | None:
    """The result of one invitation, in the language in force; None when there is none."""
    blocks = blocks_of([invitation])
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
        kind = ActivityKind.REPORT_SWITCHED_ON if on else ActivityKind.REPORT_SWITCHED_OFF
        activity.log(kind, job.organisation_id, job_id=job.id, user=user.name or user.email)


def _report(
    candidate: Candidate, blocks: Sequence[Block], organisation: str, made: datetime
) -> PdfReport:
    # fpdf2 and what it brings take 58 MB: only a process that has printed a report pays for it.
    from eqsr.extras.reports.letters import MISSING, printable
    from eqsr.extras.reports.paper import paper

    elements = content(candidate, blocks, organisation)
    day = formats.day(made)
    footer = _(
        "%(name)s · %(organisation)s · %(date)s · confidential",
        name=isolated(candidate.name),
        organisation=isolated(organisation),
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
    return PdfReport(" ".join(f"{title} {formats.iso_day(made)}.pdf".split()), pdf, fingerprint)
