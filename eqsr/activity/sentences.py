"""The sentence for each kind of activity, in the reader's language."""

from flask_babel import lazy_gettext as _

from eqsr.activity.kinds import ActivityKind
from eqsr.activity.models import Activity
from eqsr.core import formats
from eqsr.core.stored_messages import render

# The keys are ActivityKind; a stored kind may come from a newer release, so look-ups take any text.
ACTIVITY_SENTENCES: dict[str, object] = {
    # the connection
    ActivityKind.CONNECTION_BEGUN: _("New credentials were entered."),
    ActivityKind.CONNECTION_MADE: _("SmartRecruiters was connected for %(company)s."),
    ActivityKind.CONNECTION_FAILED: _("Connecting did not work: %(reason)s"),
    ActivityKind.CONNECTION_TROUBLE: _("The connection needs attention: %(reason)s"),
    ActivityKind.CONNECTION_RECOVERED: _("The connection works again."),
    ActivityKind.CONNECTION_ENDED: _("%(user)s disconnected SmartRecruiters."),
    ActivityKind.STAGES_MADE: _("New hiring stages in SmartRecruiters: %(stages)s."),
    ActivityKind.STAGES_GONE: _("Hiring stages that SmartRecruiters no longer has: %(stages)s."),
    ActivityKind.STAGES_REORDERED: _("The order of the hiring stages changed in SmartRecruiters."),
    ActivityKind.STAGE_MISSING: _(
        "SmartRecruiters no longer has the stage %(stage)s of %(ats_job)s, which %(job)s is "
        "connected to."
    ),
    ActivityKind.ATS_JOB_MISSING: _(
        "SmartRecruiters no longer has the job %(ats_job)s, which %(job)s is connected to."
    ),
    ActivityKind.STAGE_BACK: _("SmartRecruiters has %(ats_job)s, stage %(stage)s, again."),
    ActivityKind.SUBSCRIPTION_MADE: _("SmartRecruiters now tells us about every move."),
    ActivityKind.SUBSCRIPTION_RESTORED: _(
        "SmartRecruiters had stopped telling us about moves; it does again."
    ),
    ActivityKind.KEY_REPLACED: _("The key that signs SmartRecruiters' events was replaced."),
    ActivityKind.JOBS_MIRRORED: _("%(number)s jobs were read from SmartRecruiters."),
    # a job
    ActivityKind.JOB_CREATED: _("%(user)s created the job."),
    ActivityKind.JOB_CONNECTED: _("%(user)s connected %(ats_job)s, stage %(stage)s."),
    ActivityKind.THOSE_THERE_INVITED: _(
        "%(user)s had everybody invited who was in %(stage)s already."
    ),
    ActivityKind.THOSE_THERE_SINCE_INVITED: _(
        "%(user)s had those invited who came into %(stage)s on or after %(date)s."
    ),
    ActivityKind.THOSE_THERE_STOPPED: _(
        "%(user)s stopped inviting those who were in %(stage)s already."
    ),
    ActivityKind.STAGE_CHANGED: _(
        "%(user)s changed how %(ats_job)s, stage %(stage)s, is connected."
    ),
    ActivityKind.MAIL_WORDS_CHANGED: _("%(user)s changed the invitation's text."),
    ActivityKind.JOB_DISCONNECTED: _("%(user)s disconnected %(ats_job)s, stage %(stage)s."),
    ActivityKind.RANGE_SET: _(
        "%(user)s marked %(scale)s as mattering, stens %(least)s to %(most)s. Reason: %(reason)s"
    ),
    ActivityKind.RANGE_REMOVED: _("%(user)s no longer marks %(scale)s as mattering."),
    ActivityKind.REPORT_SWITCHED_ON: _(
        "%(user)s switched on that reports are attached in SmartRecruiters."
    ),
    ActivityKind.REPORT_SWITCHED_OFF: _(
        "%(user)s switched off that reports are attached in SmartRecruiters."
    ),
    # a candidate
    ActivityKind.MOVE_SEEN: _(
        "SmartRecruiters told us of a move: the application is in %(stage)s."
    ),
    ActivityKind.MOVE_FOUND: _("A check of SmartRecruiters found the application in %(stage)s."),
    ActivityKind.PROFILE_CHANGED: _(
        "The profile was changed in SmartRecruiters; looked at it again."
    ),
    ActivityKind.NOT_IN_STAGE: _(
        "Not invited: the application is in %(stage)s, not in %(wanted)s."
    ),
    ActivityKind.LEFT_STAGE: _(
        "Not invited: the application was in %(wanted)s, but had moved on to %(stage)s before we "
        "could invite."
    ),
    ActivityKind.MOVED_BEFORE_CONNECTING: _(
        "Not invited: the application was in %(stage)s before the job was connected."
    ),
    ActivityKind.MOVED_TOO_EARLY: _(
        "Not invited: the application came into %(stage)s before %(date)s, and only who came later "
        "was to be invited."
    ),
    ActivityKind.MOVE_OF_UNKNOWN_DATE: _(
        "Not invited: SmartRecruiters does not tell when the application came into %(stage)s."
    ),
    ActivityKind.GRACE_BEGUN: _(
        "Not invited yet: the invitation waits for %(minutes)s minutes, in case the move to "
        "%(stage)s is taken back."
    ),
    ActivityKind.LEFT_IN_GRACE: _(
        "Not invited: the application left %(wanted)s within the %(minutes)s minutes that an "
        "invitation waits."
    ),
    ActivityKind.LOOKED_AFTER_GRACE: _(
        "Looked again after the wait: the application is in %(stage)s."
    ),
    ActivityKind.NO_EMAIL: _(
        "Not invited: the profile has no e-mail address. Add one in SmartRecruiters."
    ),
    ActivityKind.BAD_EMAIL: _(
        "Not invited: %(email)s is not a usable e-mail address. Correct it in SmartRecruiters."
    ),
    ActivityKind.JOB_NOT_OPEN: _("Not invited: the job %(job)s is closed."),
    ActivityKind.ALREADY_INVITED: _(
        "Not invited again: an invitation for %(job)s was made on %(date)s."
    ),
    ActivityKind.INVITED_BEFORE_MERGING: _(
        "Not invited again: two profiles of this person were merged in SmartRecruiters, and under "
        "the other one an invitation for %(job)s was made on %(date)s. What came of it stands on "
        "that profile."
    ),
    ActivityKind.CANDIDATE_GONE: _("The candidate is no longer in SmartRecruiters."),
    ActivityKind.APPLICATION_GONE: _(
        "The application is no longer on this job in SmartRecruiters."
    ),
    ActivityKind.INVITATION_MADE: _("Invited to %(job)s because the application is in %(stage)s."),
    ActivityKind.INVITATION_BY_LINK: _("Took the open link of %(job)s."),
    ActivityKind.MAIL_ACCEPTED: _("The mail server accepted the invitation for %(email)s."),
    ActivityKind.MAIL_REFUSED: _(
        "The mail server refused the invitation for %(email)s: %(reason)s"
    ),
    ActivityKind.MAIL_GAVE_UP: _("The invitation for %(email)s could not be sent: %(reason)s"),
    ActivityKind.MAIL_RETURNED: _(
        "A mail to %(email)s came back, and not because of the address: %(reason)s It goes out "
        "again automatically."
    ),
    ActivityKind.INVITATION_RETRIED: _(
        "The invitation goes to %(email)s again: it had failed for another reason than the address."
    ),
    ActivityKind.MAIL_BOUNCED: _("A mail to %(email)s came back: %(reason)s"),
    ActivityKind.MAIL_DELAYED: _(
        "A mail to %(email)s is delayed; the mail server tries again: %(reason)s"
    ),
    ActivityKind.INVITATION_BY_HAND: _("%(user)s invited the candidate to %(job)s by hand."),
    ActivityKind.INVITED_AGAIN: _("%(user)s invited the candidate to %(job)s again."),
    ActivityKind.INVITATION_RESENT: _("%(user)s had the invitation sent again to %(email)s."),
    ActivityKind.ADDRESS_CORRECTED: _(
        "%(user)s corrected the address of the invitation from %(before)s to %(email)s."
    ),
    ActivityKind.ADDRESS_FOLLOWED: _(
        "The address was corrected in SmartRecruiters, so the invitation goes to %(email)s."
    ),
    ActivityKind.LINK_RENEWED: _(
        "%(user)s made a new link. Links sent before do not work any more."
    ),
    ActivityKind.INVITATION_EXTENDED: _("%(user)s extended the invitation until %(date)s."),
    ActivityKind.INVITATION_CANCELLED: _("%(user)s cancelled the invitation."),
    ActivityKind.REMINDED: _("A reminder was sent to %(email)s."),
    ActivityKind.REMINDER_REFUSED: _(
        "The mail server refused a reminder for %(email)s: %(reason)s"
    ),
    ActivityKind.REMINDERS_STOPPED: _("The candidate wants no more reminders."),
    ActivityKind.INVITATION_EXPIRED: _("The invitation was not used in time."),
    ActivityKind.INVITATION_OPENED: _("The candidate opened the invitation."),
    ActivityKind.SITTING_STARTED: _("The candidate started the assessment."),
    ActivityKind.SITTING_FINISHED: _("The candidate finished the assessment."),
    ActivityKind.SCORED: _("The answers were scored against %(norm)s."),
    ActivityKind.REPORT_DOWNLOADED: _("%(user)s downloaded the report."),
    ActivityKind.REVIEW_ASKED: _("The candidate asked that a person reviews the result."),
    ActivityKind.ERASURE_ASKED: _("The candidate asked that the result is deleted."),
    ActivityKind.REVIEW_ANSWERED: _("%(user)s answered the candidate's request."),
    ActivityKind.SCORED_WITHOUT_NORM: _(
        "The answers were scored. There is no comparison group yet."
    ),
    ActivityKind.RESCORED: _(
        "The answers were scored again, against %(norm)s. The earlier scores are kept."
    ),
    ActivityKind.ELSEWHERE_INVITED: _("%(platform)s has invited the candidate too."),
    ActivityKind.ELSEWHERE_STARTED: _("The candidate started at %(platform)s."),
    ActivityKind.ELSEWHERE_COMPLETED: _("%(platform)s sent the result; it was scored there."),
    ActivityKind.ELSEWHERE_CANCELLED: _("%(platform)s cancelled the assessment."),
    ActivityKind.WRITTEN_BACK: _("SmartRecruiters shows: %(what)s."),
    ActivityKind.WRITTEN_BACK_NOTE: _("SmartRecruiters shows: %(what)s, a note with the result."),
    ActivityKind.WRITTEN_BACK_REPORT: _(
        "SmartRecruiters shows: %(what)s, a note with the result, the report."
    ),
    ActivityKind.WRITE_BACK_FAILED: _("SmartRecruiters does not show the result yet: %(reason)s"),
    ActivityKind.RESULT_ERASED: _("%(user)s deleted the result."),
    ActivityKind.RESULT_ERASED_IN_TIME: _(
        "The result was deleted because the time it is kept was over."
    ),
    ActivityKind.PERSON_FORGOTTEN: _("%(user)s deleted the name and the address."),
    ActivityKind.ERASED_BEFORE: _(
        "Not invited: the application is in %(stage)s again, but its result was deleted on "
        "%(date)s. Nobody is invited a second time by a move."
    ),
    ActivityKind.WITHDRAWN: _(
        "SmartRecruiters has no note and no report of ours about it any more. Tags can't be taken "
        "back one by one, so they stay."
    ),
    ActivityKind.WITHDRAWN_BUT_NOTE: _(
        "SmartRecruiters may still show a note with the result: it never told us which one it is. "
        "Delete it there by hand."
    ),
    ActivityKind.WITHDRAWAL_FAILED: _(
        "What was written to SmartRecruiters could not be deleted: %(why)s"
    ),
}


def sentence(activity: Activity, **instead: str) -> str:
    """Make the sentence for one activity; ``instead`` overrides stored facts.

    Facts that an older release did not store are shown as a dash.
    """
    facts = activity.facts | instead
    text = str(ACTIVITY_SENTENCES.get(activity.kind, activity.kind))
    return text % _Facts({key: _said(key, value) for key, value in facts.items()})


class _Facts(dict[str, str]):
    """Facts by name; a dash for a name that is missing."""

    def __missing__(self, key: str) -> str:
        return "–"


def _said(key: str, value: object) -> str:
    if isinstance(value, int):
        return formats.number(value)
    if not isinstance(value, str) or not value:
        return str(value)
    return formats.day(value) if key == "date" else render(value)
