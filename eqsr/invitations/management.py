"""What people do with invitations by hand.

Each verb may be called twice, by a double click or by two people: the second time changes nothing
and returns False. All hold the invitation's row, so the candidate's own steps wait their turn.
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.candidates import mirror
from eqsr.candidates.models import Application
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.email_addresses import checked_address, usable_address
from eqsr.core.messages import N_, NotFoundError, UserError
from eqsr.invitations import reminders, service
from eqsr.invitations.models import TIME_TO_FINISH, Invitation, InvitationState, Trigger
from eqsr.jobs.models import Job, JobState
from eqsr.mail import service as mail
from eqsr.outbox.kinds import WorkKind

State = InvitationState

CANCELLABLE = (*service.BEFORE_START, State.STARTED)
MAILED = (State.SENT, State.OPENED, State.STARTED)
EXTENDABLE = (*CANCELLABLE, State.EXPIRED)

# A second wish to send the same mail within this time is the same wish.
RESEND_INTERVAL = timedelta(minutes=1)
LONGEST_EXTENSION = timedelta(days=180)


@dataclass(frozen=True)
class Actor:
    """Who does it, and from which network address."""

    user: User
    address: str = ""

    @property
    def name(self) -> str:
        return self.user.name or self.user.email


@dataclass(frozen=True)
class PossibleActions:
    """What can be done with an invitation as it is now."""

    resend: bool
    correct: bool
    extend: bool
    cancel: bool
    invite_again: bool


def possible(invitation: Invitation, latest: Invitation) -> PossibleActions:
    """What a page offers. ``latest``: the last invitation of the same person to the same job."""
    return PossibleActions(
        resend=invitation.state in CANCELLABLE
        and invitation.state is not State.QUEUED
        and link_works(invitation),
        correct=invitation.state in CANCELLABLE,
        extend=invitation.state in EXTENDABLE and not invitation.erased,
        cancel=invitation.state in service.BEFORE_START,
        invite_again=latest.id == invitation.id
        and invitation.state not in CANCELLABLE
        and not invitation.erased,
    )


def own(organisation_id: uuid.UUID, invitation_id: uuid.UUID) -> Invitation:
    """The organisation's invitation. Raises NotFoundError."""
    invitation = service.get(invitation_id)
    if invitation is None or invitation.organisation_id != organisation_id:
        raise NotFoundError
    return invitation


def resend(invitation: Invitation, actor: Actor) -> bool:
    """Send the same link once more. Raises UserError where the link can't be used."""
    with transaction():
        invitation = service.locked(invitation.id)
        if invitation.state is State.QUEUED:
            return False
        _require(
            invitation, CANCELLABLE, N_("The link can't be used any more, so it is not sent again.")
        )
        if not link_works(invitation):
            raise UserError("The time for this invitation is over. Extend it instead.")
        if mail.queued_within(RESEND_INTERVAL, invitation.id, WorkKind.INVITATION_AGAIN):
            return False
        _mail(invitation, WorkKind.INVITATION_AGAIN)
        _record(invitation, ActivityKind.INVITATION_RESENT, actor, email=invitation.email)
        return True


def correct_address(invitation: Invitation, text: str, actor: Actor) -> bool:
    """Send a new link to another address; the old one ends. Raises UserError."""
    address = checked_address(text)
    with transaction():
        invitation = service.locked(invitation.id)
        _require(
            invitation, CANCELLABLE, N_("The link can't be used any more, so the address stays.")
        )
        if address == invitation.email:
            return resend(invitation, actor)
        before, invitation.email = invitation.email, address
        invitation.problem = invitation.fault = None
        if invitation.state in (State.SENT, State.UNDELIVERABLE):
            invitation.state = State.QUEUED
        service.end_links(invitation)
        mail.cancel_queued(invitation.id)
        _mail(invitation, WorkKind.INVITATION_AGAIN)
        _record(invitation, ActivityKind.ADDRESS_CORRECTED, actor, before=before, email=address)
        return True


def end_of_day(invitation: Invitation, day: date) -> datetime:
    """When that day ends by the organisation's clock, to the minute."""
    zone = ZoneInfo(invitation.job.organisation.time_zone)
    return datetime.combine(day, time(23, 59), zone).astimezone(UTC)


def suggested_day(invitation: Invitation) -> date:
    """A week more than there is now."""
    zone = ZoneInfo(invitation.job.organisation.time_zone)
    return (max(invitation.expires_at, now()).astimezone(zone) + timedelta(days=7)).date()


def extend(invitation: Invitation, day: date, actor: Actor) -> bool:
    """Leave time until the end of ``day``, also where the time was over, and tell the candidate.

    Raises UserError for a day that gives no more time, or is further away than LONGEST.
    """
    longest = now() + LONGEST_EXTENSION
    # The calendar's last day may have no end in UTC.
    if day.year > longest.year or end_of_day(invitation, day) > longest:
        raise UserError("An invitation can be extended by at most 180 days.")
    until = end_of_day(invitation, day)
    with transaction():
        invitation = service.locked(invitation.id)
        _require(invitation, EXTENDABLE, N_("This invitation can't be extended any more."))
        if until == invitation.expires_at:
            return False
        if until <= max(now(), invitation.expires_at):
            raise UserError("Choose a later day than the one on which the invitation ends.")
        invitation.expires_at = until
        revived = invitation.state is State.EXPIRED
        if revived:
            invitation.state = _before_it_expired(invitation)
        reminders.deadline_extended(invitation)
        if invitation.state in MAILED:
            _mail(invitation, WorkKind.EXTENSION_MAIL)
        elif revived or invitation.state is State.UNDELIVERABLE:
            # They do not know the link yet; a first mail that waits will tell the new day.
            _mail(invitation, WorkKind.INVITATION_AGAIN)
        _record(invitation, ActivityKind.INVITATION_EXTENDED, actor, date=f"{day:%Y-%m-%d}")
        return True


def cancel(invitation: Invitation, actor: Actor) -> bool:
    """Call the invitation off for good: its link closes, and no mail about it leaves any more.

    Raises UserError once the candidate has started, or the invitation is over.
    """
    with transaction():
        invitation = service.locked(invitation.id)
        if invitation.state is State.CANCELLED:
            return False
        if invitation.state is State.STARTED:
            raise UserError("The candidate has started, so this can't be cancelled any more.")
        _require(invitation, service.BEFORE_START, N_("This invitation is over already."))
        invitation.state = State.CANCELLED
        invitation.cancelled_by_id = actor.user.id
        service.end_links(invitation)
        mail.cancel_queued(invitation.id)
        _record(invitation, ActivityKind.INVITATION_CANCELLED, actor)
        return True


def application_on(job: Job, application_id: uuid.UUID) -> Application:
    """An application to a SmartRecruiters job that ``job`` is or was connected to. Raises
    NotFoundError."""
    application = db.session.get(Application, application_id)
    theirs = {link.ats_job_id for link in job.stage_links}
    if application is None or application.organisation_id != job.organisation_id:
        raise NotFoundError
    if application.ats_job_id not in theirs and application.link_job_id != job.id:
        raise NotFoundError
    return application


def invite(
    job: Job, application: Application, attempt: int, actor: Actor
) -> tuple[Invitation, bool]:
    """Invite by hand; 1 is the first ``attempt``, and a higher one invites again.

    An attempt that is there already is left as it is: (it, False). Raises UserError when the job
    is closed, an earlier invitation is still open, or no mail can reach the person.
    """
    with transaction() as session:
        job = session.get_one(Job, job.id, populate_existing=True)
        application = mirror.lock_candidate(application.id)
        latest = service.of_application(job.id, application.id)
        if latest is not None and latest.attempt >= attempt:
            return latest, False
        if attempt != (latest.attempt if latest else 0) + 1:
            raise UserError("This page is out of date. Reload it and try again.")
        address = _invitable(job, application, latest)
        again = {"attempt": attempt, "assessment": latest and latest.assessment}
        made = service.insert_attempt(job, application, address, Trigger.PERSON, **again)
        invitation = service.of_application(job.id, application.id)
        if made:
            _mail(invitation, WorkKind.INVITATION_MAIL)
            kind = ActivityKind.INVITATION_BY_HAND if attempt == 1 else ActivityKind.INVITED_AGAIN
            _record(invitation, kind, actor, job=job.title)
        return invitation, made


def address_of(application: Application) -> str | None:
    """The profile's, unless a person has put another one in its place since."""
    profile = application.candidate.email
    corrections = [
        one.facts for one in activity.of_kind(application.id, ActivityKind.ADDRESS_CORRECTED)
    ]
    replaced = any(one.get("before") == profile for one in corrections)
    return corrections[-1].get("email") if replaced else profile


def _invitable(job: Job, application: Application, latest: Invitation | None) -> str:
    """The address to invite. Raises UserError."""
    if job.state is JobState.CLOSED:
        raise UserError("This job is closed. Reopen it before you invite anybody.")
    if latest is not None and latest.state in CANCELLABLE:
        raise UserError("An earlier invitation is still open. Send that one again instead.")
    if application.erased_at is not None:
        raise UserError("The result of this application was deleted, so it is not invited again.")
    if application.candidate.removed_at is not None:
        raise UserError("This candidate was deleted in SmartRecruiters.")
    address = usable_address(address_of(application))
    if address is None:
        raise UserError("The profile has no usable e-mail address. Add one in SmartRecruiters.")
    return address


def _before_it_expired(invitation: Invitation) -> InvitationState:
    if invitation.opened_at is not None:
        return State.OPENED
    if invitation.problem:
        return State.UNDELIVERABLE
    return State.SENT if invitation.sent_at is not None else State.QUEUED


def link_works(invitation: Invitation) -> bool:
    """It can still be started or, once it was, finished."""
    more = TIME_TO_FINISH if invitation.state is State.STARTED else timedelta()
    return now() < invitation.expires_at + more


def _require(invitation: Invitation, states: tuple[InvitationState, ...], sentence: str) -> None:
    if invitation.state not in states or invitation.erased:
        raise UserError(sentence)


def _mail(invitation: Invitation, kind: WorkKind) -> None:
    mail.queue(kind, invitation.id, invitation.organisation_id, invitation.email)


def _record(invitation: Invitation, kind: ActivityKind, actor: Actor, **facts: str) -> None:
    service.log_activity(invitation, kind, user=actor.name, **facts)
    activity.audit(kind, invitation.organisation_id, actor.user.id, invitation.id, actor.address)
