"""Audit entries in words: who did what to whom or what, when and from which address."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.activity.actions import AuditAction as Action
from eqsr.activity.models import AuditEntry
from eqsr.candidates.models import Application, Candidate
from eqsr.core.db import db
from eqsr.invitations.models import Invitation
from eqsr.jobs.models import Job
from eqsr.teams.history import AUDIT_SENTENCES

SENTENCES: dict[str, Any] = {
    **AUDIT_SENTENCES,
    Action.LOGGED_IN: _("%(user)s logged in."),
    Action.LOGIN_REFUSED: _("A login as %(subject)s was refused."),
    Action.GUESSING_STOPPED: _("Too many passwords were tried for %(subject)s in a day."),
    Action.PASSWORD_CONFIRMED: _("%(user)s gave the password again."),
    Action.PASSWORD_REFUSED: _("%(user)s gave a wrong current password."),
    Action.SESSION_ENDED: _("%(user)s ended a session."),
    Action.SESSIONS_ENDED: _("%(user)s ended all other sessions."),
    Action.ACCESS_REFUSED: _("%(user)s was refused a page."),
    Action.INVITATION_BY_HAND: _("%(user)s invited %(subject)s by hand."),
    Action.INVITED_AGAIN: _("%(user)s invited %(subject)s again."),
    Action.INVITED_ANYWAY: _("%(user)s invited %(subject)s anyway."),
    Action.MERGED_BY_HAND: _("%(user)s merged %(subject)s with a profile that is gone."),
    Action.INVITATION_RESENT: _("%(user)s sent the invitation of %(subject)s again."),
    Action.ADDRESS_CORRECTED: _("%(user)s corrected the address of %(subject)s."),
    Action.INVITATION_EXTENDED: _("%(user)s gave %(subject)s a later deadline."),
    Action.TIME_GIVEN_AGAIN: _("%(user)s gave %(subject)s more time."),
    Action.INVITATION_CANCELLED: _("%(user)s cancelled the invitation of %(subject)s."),
    Action.LINK_RENEWED: _("%(user)s made a new link for %(subject)s."),
    Action.PROFILE_VIEWED: _("%(user)s opened the profile of %(subject)s."),
    Action.GUIDE_VIEWED: _("%(user)s opened the interview guide of %(subject)s."),
    Action.COMPARED: _("%(user)s compared %(subject)s with others."),
    Action.REQUEST_ANSWERED: _("%(user)s answered a candidate's request."),
    Action.REPORT_DOWNLOADED: _("%(user)s downloaded the report of %(subject)s."),
    Action.RESULT_ERASED: _("%(user)s deleted a result."),
    Action.PERSON_FORGOTTEN: _("%(user)s deleted a candidate's name and address."),
    Action.LINK_MADE: _("%(user)s made an onboarding link for %(email)s."),
    Action.LINK_REVOKED: _("%(user)s revoked the onboarding link for %(email)s."),
    Action.SIGNING_KEY_ASKED: _("%(user)s asked SmartRecruiters for a new signing key."),
    Action.PLATFORM_ADDED: _("%(user)s added an assessment platform."),
    Action.PLATFORM_KEY_MADE: _("%(user)s made a key for an assessment platform."),
    Action.PLATFORM_KEY_REVOKED: _("%(user)s revoked a key of an assessment platform."),
    Action.ORGANISATION_CHANGED: _("%(user)s changed the organisation's settings."),
    Action.REPEATS_CHANGED: _("%(user)s changed what holds for second assessments."),
    Action.LOGO_CHANGED: _("%(user)s changed the logo."),
    Action.LOGO_REMOVED: _("%(user)s removed the logo."),
    Action.LOCAL_NORM_MADE: _("%(user)s made a comparison group."),
    Action.NORM_FOR_NEW_JOBS: _("%(user)s chose the comparison group of new jobs."),
    Action.NORM_OF_JOB_CHANGED: _("%(user)s chose another comparison group for %(subject)s."),
    Action.JOB_FIT_SET: _("%(user)s changed the target ranges of %(subject)s."),
    Action.FAIRNESS_SWITCHED_ON: _("%(user)s switched the questions about fairness on."),
    Action.FAIRNESS_SWITCHED_OFF: _("%(user)s switched the questions about fairness off."),
    Action.KEEPING_CHANGED: _("%(user)s changed how long results are kept."),
}
_ROLE_NAMES = {"admin": _("admin"), "reviewer": _("reviewer")}


_Names = dict[uuid.UUID, str]


@dataclass(frozen=True)
class Line:
    """An entry in the reader's language; ``address``: the network address, '' if unknown."""

    at: datetime
    sentence: str
    address: str


def lines(organisation_id: uuid.UUID, entries: Sequence[AuditEntry]) -> list[Line]:
    """The organisation's entries in words.

    Names are those of today; what is deleted, or belongs to another organisation, is a dash.
    """
    actors = _actors({one.user_id for one in entries if one.user_id})
    subjects = _subjects(organisation_id, {one.subject_id for one in entries if one.subject_id})
    return [Line(one.at, _sentence(one, actors, subjects), one.address) for one in entries]


def _sentence(entry: AuditEntry, actors: _Names, subjects: _Names) -> str:
    facts = {key: str(_ROLE_NAMES.get(value, value)) for key, value in entry.facts.items()}
    facts["user"] = actors.get(entry.user_id, "–") if entry.user_id else gettext("Somebody")
    if entry.subject_id in subjects:
        facts["subject"] = subjects[entry.subject_id]
    told = SENTENCES.get(entry.action)
    sentence = entry.action if told is None else str(told) % _Dashes(facts)
    if "number" in entry.facts:
        number = entry.facts["number"]
        sentence += " " + gettext("That made %(number)s within an hour.", number=number)
    return sentence


def _actors(ids: set[uuid.UUID]) -> _Names:
    """Names of those who acted: of the organisation, or of the platform's staff."""
    found = db.session.scalars(select(User).where(User.id.in_(ids)))
    return {user.id: user.display_name for user in found}


def _subjects(organisation_id: uuid.UUID, ids: set[uuid.UUID]) -> _Names:
    """Names of the organisation's users, jobs and candidates that these ids lead to."""
    found: _Names = {}
    users = select(User).where(User.id.in_(ids), User.organisation_id == organisation_id)
    for user in db.session.scalars(users):
        found[user.id] = user.display_name
    jobs = select(Job.id, Job.title).where(Job.id.in_(ids), Job.organisation_id == organisation_id)
    for job_id, title in db.session.execute(jobs):
        found[job_id] = title
    of_application = select(Application.id, Candidate).join(Application.candidate)
    of_invitation = select(Invitation.id, Candidate).join(Invitation.application)
    for query in (
        select(Candidate.id, Candidate).where(Candidate.id.in_(ids)),
        of_application.where(Application.id.in_(ids)),
        of_invitation.join(Application.candidate).where(Invitation.id.in_(ids)),
    ):
        own = query.where(Candidate.organisation_id == organisation_id)
        for subject_id, candidate in db.session.execute(own):
            found[subject_id] = candidate.name or "–"
    return found


class _Dashes(dict[str, str]):
    """Facts for a sentence; one that is not known shows as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"
