"""Sentences about an assessment, its result and what SmartRecruiters shows of it."""

from flask_babel import lazy_gettext as _

from eqsr.activity.kinds import ActivityKind

RESULT_SENTENCES: dict[str, object] = {
    ActivityKind.SITTING_STARTED: _("The candidate started the assessment."),
    ActivityKind.SITTING_FINISHED: _("The candidate finished the assessment."),
    ActivityKind.RESULT_USED_AGAIN: _(
        "The candidate agreed that the result of %(date)s, for another job, is used for this one."
    ),
    ActivityKind.FINISHED_BY_CLOCK: _(
        "Ended by the clock: everything was answered, so it was handed in without pressing Finish."
    ),
    ActivityKind.ENDED_IN_PART: _(
        "Ended by the clock before everything was done. What was given is kept, and scored as far "
        "as it is enough."
    ),
    ActivityKind.NOTHING_GIVEN: _(
        "Ended by the clock: the assessment was started, and nothing was answered."
    ),
    ActivityKind.TIME_GIVEN_AGAIN: _(
        "%(user)s gave the candidate time again, until %(date)s. They go on where they stopped."
    ),
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
