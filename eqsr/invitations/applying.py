"""Deciding for one stage link, and carrying the decision out: invite, or log why not."""

from datetime import datetime, timedelta

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.models import Application, Candidate
from eqsr.connections.job_status import why_stopped
from eqsr.core.clock import day_in
from eqsr.core.email_addresses import usable_address
from eqsr.duplicates import holding
from eqsr.duplicates.same_person import Earlier
from eqsr.invitations import address_sync, from_stage, queries
from eqsr.invitations.decisions import ALREADY, INVITE, Decision, decide
from eqsr.invitations.evaluation import EvaluationCause, log_once
from eqsr.invitations.models import Invitation
from eqsr.invitations.snapshot import Snapshot, StageRule
from eqsr.jobs import stopped_stages
from eqsr.jobs.models import JobState, StageLink
from eqsr.smartrecruiters.types.stages import Stage

ADDRESS_UPDATED = Decision(False, ActivityKind.ADDRESS_FOLLOWED)

# Activities that name a job of ours: only users who may see that job read them (teams.visibility).
NAME_THE_JOB = (ActivityKind.JOB_NOT_OPEN, ActivityKind.ALREADY_INVITED)


def apply_rule(
    link: StageLink,
    candidate: Candidate,
    application: Application,
    snapshot: Snapshot,
    cause: EvaluationCause,
) -> Decision:
    """Decide for one stage link and carry the decision out. Joins the transaction."""
    before = queries.for_link(link, application)
    if before is not None and queries.cancelled_before_sending(before):
        before = None
    rule = _rule(link, before)
    decision = decide(rule, snapshot)
    if decision.invite:
        return _invite(link, candidate, application, snapshot, cause)
    if decision.look_again is None:
        holding.end(link, application)
    if decision == ALREADY and before is not None:
        there = rule.job_open and snapshot.stage == rule.stage
        if there and address_sync.follow(before, candidate.email):
            return ADDRESS_UPDATED
        if not _came_again(snapshot, rule.stage, before.queued_at):
            return ALREADY
    if decision.kind == ActivityKind.JOB_TAKES_NOBODY:
        stopped_stages.note_stopped(link.id)  # so that this move is looked at when the job goes on
    _log_refusal(decision, rule, link, application, snapshot, cause)
    return decision


def _rule(link: StageLink, before: Invitation | None) -> StageRule:
    return StageRule(
        Stage(link.status, link.sub_status or None),
        link.counts_from,
        job_open=link.job.state is JobState.OPEN,
        invited_on=before.queued_at if before else None,
        grace=timedelta(minutes=link.grace_minutes),
        stopped=why_stopped(link.ats_job),
    )


def _invite(
    link: StageLink,
    candidate: Candidate,
    application: Application,
    snapshot: Snapshot,
    cause: EvaluationCause,
) -> Decision:
    """Invite, unless the same person was invited before and somebody has to decide about it."""
    address = usable_address(candidate.email)
    if address is None:
        raise ValueError("the decision was to invite a candidate without a usable address")
    earlier = holding.earlier(link, application)
    if earlier is not None and holding.is_held(link, application, earlier):
        kind = ActivityKind.HELD_SAME_JOB if earlier.same_job else ActivityKind.HELD_OTHER_JOB
        _log_earlier(kind, link, application, earlier)
        return Decision(False, kind)
    if not from_stage.invite_from_stage(link, application, address, snapshot.stage.label):
        return ALREADY
    holding.end(link, application)
    if earlier is not None:
        _log_earlier(ActivityKind.INVITED_FOR_OTHER_JOB_TOO, link, application, earlier)
    return INVITE


def _log_earlier(
    kind: ActivityKind, link: StageLink, application: Application, earlier: Earlier
) -> None:
    """Log it once per earlier invitation. Another job is not named: not everybody may see it."""
    activity.log_once(
        kind,
        application.organisation_id,
        application.id,
        f"{link.id} {earlier.invitation.id}",
        job_id=link.job_id,
        job=link.job.title,
        date=str(day_in(link.job.organisation.time_zone, earlier.invitation.queued_at)),
    )


def _log_refusal(
    decision: Decision,
    rule: StageRule,
    link: StageLink,
    application: Application,
    snapshot: Snapshot,
    cause: EvaluationCause,
) -> None:
    too_early = (
        decision.kind == ActivityKind.MOVED_BEFORE_CONNECTING and link.counts_from < link.since
    )
    kind = decision.kind
    if too_early:
        # People already in the stage are invited too, but only from the date that was chosen.
        kind = ActivityKind.MOVED_TOO_EARLY if snapshot.since else ActivityKind.MOVE_OF_UNKNOWN_DATE
    day = rule.invited_on or (link.counts_from if too_early else None)
    minutes = {"minutes": link.grace_minutes} if link.grace_minutes else {}
    why = {"why": rule.stopped} if kind == ActivityKind.JOB_TAKES_NOBODY else {}
    log_once(
        application,
        cause,
        kind,
        job_id=link.job_id if kind in NAME_THE_JOB else None,
        job=link.job.title,
        stage=snapshot.stage.label,
        wanted=rule.stage.label,
        email=application.candidate.email or "",
        date=str(day_in(link.job.organisation.time_zone, day)) if day else "",
        **minutes,
        **why,
    )


def _came_again(snapshot: Snapshot, wanted: Stage, invited_on: datetime) -> bool:
    """Whether the application entered the stage again after its invitation.

    That is worth a line in the activity log, as a recruiter may expect a second invitation.
    Further events about the same stay are not.
    """
    came = snapshot.came_into(wanted)
    return snapshot.stage == wanted and came is not None and came > invited_on
