"""One plain sentence per kind of activity, in the reader's language."""

from flask_babel import lazy_gettext as _

from eqsr.activity.models import Activity
from eqsr.core import formats
from eqsr.core.stored_messages import render

ACTIVITY_SENTENCES = {
    # the connection
    "connection_begun": _("New credentials were entered."),
    "connection_made": _("SmartRecruiters was connected for %(company)s."),
    "connection_failed": _("Connecting did not work: %(reason)s"),
    "connection_trouble": _("The connection needs attention: %(reason)s"),
    "connection_recovered": _("The connection works again."),
    "connection_ended": _("%(user)s disconnected SmartRecruiters."),
    "stages_made": _("New hiring stages in SmartRecruiters: %(stages)s."),
    "stages_gone": _("Hiring stages that SmartRecruiters no longer has: %(stages)s."),
    "stages_reordered": _("The order of the hiring stages changed in SmartRecruiters."),
    "stage_missing": _(
        "SmartRecruiters no longer has the stage %(stage)s of %(ats_job)s, which %(job)s is "
        "connected to."
    ),
    "ats_job_missing": _(
        "SmartRecruiters no longer has the job %(ats_job)s, which %(job)s is connected to."
    ),
    "stage_back": _("SmartRecruiters has %(ats_job)s, stage %(stage)s, again."),
    "subscription_made": _("SmartRecruiters now tells us about every move."),
    "subscription_restored": _(
        "SmartRecruiters had stopped telling us about moves; it does again."
    ),
    "key_replaced": _("The key that signs SmartRecruiters' events was replaced."),
    "jobs_mirrored": _("%(number)s jobs were read from SmartRecruiters."),
    # a job
    "job_created": _("%(user)s created the job."),
    "job_connected": _("%(user)s connected %(ats_job)s, stage %(stage)s."),
    "those_there_invited": _("%(user)s had everybody invited who was in %(stage)s already."),
    "those_there_since_invited": _(
        "%(user)s had those invited who came into %(stage)s on or after %(date)s."
    ),
    "those_there_stopped": _("%(user)s stopped inviting those who were in %(stage)s already."),
    "stage_changed": _("%(user)s changed how %(ats_job)s, stage %(stage)s, is connected."),
    "mail_words_changed": _("%(user)s changed the invitation's text."),
    "job_disconnected": _("%(user)s disconnected %(ats_job)s, stage %(stage)s."),
    "range_set": _(
        "%(user)s marked %(scale)s as mattering, stens %(least)s to %(most)s. Reason: %(reason)s"
    ),
    "range_removed": _("%(user)s no longer marks %(scale)s as mattering."),
    "report_switched_on": _("%(user)s switched on that reports are attached in SmartRecruiters."),
    "report_switched_off": _("%(user)s switched off that reports are attached in SmartRecruiters."),
    # a candidate
    "move_seen": _("SmartRecruiters told us of a move: the application is in %(stage)s."),
    "move_found": _("A check of SmartRecruiters found the application in %(stage)s."),
    "profile_changed": _("The profile was changed in SmartRecruiters; looked at it again."),
    "not_in_stage": _("Not invited: the application is in %(stage)s, not in %(wanted)s."),
    "left_stage": _(
        "Not invited: the application was in %(wanted)s, but had moved on to %(stage)s before we "
        "could invite."
    ),
    "moved_before_connecting": _(
        "Not invited: the application was in %(stage)s before the job was connected."
    ),
    "moved_too_early": _(
        "Not invited: the application came into %(stage)s before %(date)s, and only who came later "
        "was to be invited."
    ),
    "move_of_unknown_date": _(
        "Not invited: SmartRecruiters does not tell when the application came into %(stage)s."
    ),
    "grace_begun": _(
        "Not invited yet: the invitation waits for %(minutes)s minutes, in case the move to "
        "%(stage)s is taken back."
    ),
    "left_in_grace": _(
        "Not invited: the application left %(wanted)s within the %(minutes)s minutes that an "
        "invitation waits."
    ),
    "looked_after_grace": _("Looked again after the wait: the application is in %(stage)s."),
    "no_email": _("Not invited: the profile has no e-mail address. Add one in SmartRecruiters."),
    "bad_email": _(
        "Not invited: %(email)s is not a usable e-mail address. Correct it in SmartRecruiters."
    ),
    "job_not_open": _("Not invited: the job %(job)s is closed."),
    "already_invited": _("Not invited again: an invitation for %(job)s was made on %(date)s."),
    "invited_before_merging": _(
        "Not invited again: two profiles of this person were merged in SmartRecruiters, and under "
        "the other one an invitation for %(job)s was made on %(date)s. What came of it stands on "
        "that profile."
    ),
    "candidate_gone": _("The candidate is no longer in SmartRecruiters."),
    "application_gone": _("The application is no longer on this job in SmartRecruiters."),
    "invitation_made": _("Invited to %(job)s because the application is in %(stage)s."),
    "invitation_by_link": _("Took the open link of %(job)s."),
    "mail_accepted": _("The mail server accepted the invitation for %(email)s."),
    "mail_refused": _("The mail server refused the invitation for %(email)s: %(reason)s"),
    "mail_gave_up": _("The invitation for %(email)s could not be sent: %(reason)s"),
    "mail_returned": _(
        "A mail to %(email)s came back, and not because of the address: %(reason)s It goes out "
        "again automatically."
    ),
    "invitation_retried": _(
        "The invitation goes to %(email)s again: it had failed for another reason than the address."
    ),
    "mail_bounced": _("A mail to %(email)s came back: %(reason)s"),
    "mail_delayed": _("A mail to %(email)s is delayed; the mail server tries again: %(reason)s"),
    "invitation_by_hand": _("%(user)s invited the candidate to %(job)s by hand."),
    "invited_again": _("%(user)s invited the candidate to %(job)s again."),
    "invitation_resent": _("%(user)s had the invitation sent again to %(email)s."),
    "address_corrected": _(
        "%(user)s corrected the address of the invitation from %(before)s to %(email)s."
    ),
    "address_followed": _(
        "The address was corrected in SmartRecruiters, so the invitation goes to %(email)s."
    ),
    "link_renewed": _("%(user)s made a new link. Links sent before do not work any more."),
    "invitation_extended": _("%(user)s extended the invitation until %(date)s."),
    "invitation_cancelled": _("%(user)s cancelled the invitation."),
    "reminded": _("A reminder was sent to %(email)s."),
    "reminder_refused": _("The mail server refused a reminder for %(email)s: %(reason)s"),
    "reminders_stopped": _("The candidate wants no more reminders."),
    "invitation_expired": _("The invitation was not used in time."),
    "invitation_opened": _("The candidate opened the invitation."),
    "sitting_started": _("The candidate started the assessment."),
    "sitting_finished": _("The candidate finished the assessment."),
    "scored": _("The answers were scored against %(norm)s."),
    "report_downloaded": _("%(user)s downloaded the report."),
    "review_asked": _("The candidate asked that a person reviews the result."),
    "erasure_asked": _("The candidate asked that the result is deleted."),
    "review_answered": _("%(user)s answered the candidate's request."),
    "scored_without_norm": _("The answers were scored. There is no comparison group yet."),
    "rescored": _("The answers were scored again, against %(norm)s. The earlier scores are kept."),
    "elsewhere_invited": _("%(platform)s has invited the candidate too."),
    "elsewhere_started": _("The candidate started at %(platform)s."),
    "elsewhere_completed": _("%(platform)s sent the result; it was scored there."),
    "elsewhere_cancelled": _("%(platform)s cancelled the assessment."),
    "written_back": _("SmartRecruiters shows: %(what)s."),
    "written_back_note": _("SmartRecruiters shows: %(what)s, a note with the result."),
    "written_back_report": _(
        "SmartRecruiters shows: %(what)s, a note with the result, the report."
    ),
    "write_back_failed": _("SmartRecruiters does not show the result yet: %(reason)s"),
    "result_erased": _("%(user)s deleted the result."),
    "result_erased_in_time": _("The result was deleted because the time it is kept was over."),
    "person_forgotten": _("%(user)s deleted the name and the address."),
    "erased_before": _(
        "Not invited: the application is in %(stage)s again, but its result was deleted on "
        "%(date)s. Nobody is invited a second time by a move."
    ),
    "withdrawn": _(
        "SmartRecruiters has no note and no report of ours about it any more. Tags can't be taken "
        "back one by one, so they stay."
    ),
    "withdrawn_but_note": _(
        "SmartRecruiters may still show a note with the result: it never told us which one it is. "
        "Delete it there by hand."
    ),
    "withdrawal_failed": _("What was written to SmartRecruiters could not be deleted: %(why)s"),
}


def sentence(activity: Activity, **instead: str) -> str:
    """The sentence for one activity; ``instead`` of stored facts. A fact that an older version did
    not store shows as a dash."""
    facts = activity.facts | instead
    text = str(ACTIVITY_SENTENCES.get(activity.kind, activity.kind))
    return text % _Facts({key: _said(key, value) for key, value in facts.items()})


class _Facts(dict):
    def __missing__(self, key: str) -> str:
        return "–"


def _said(key: str, value: object) -> str:
    if isinstance(value, int):
        return formats.number(value)
    if not isinstance(value, str) or not value:
        return str(value)
    return formats.day(value) if key == "date" else render(value)
