"""Sentences about moves in SmartRecruiters, and why somebody was not invited."""

from flask_babel import lazy_gettext as _

from eqsr.activity.kinds import ActivityKind

DECISION_SENTENCES: dict[str, object] = {
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
    ActivityKind.JOB_TAKES_NOBODY: _("Not invited: %(why)s."),
    ActivityKind.ALREADY_INVITED: _(
        "Not invited again: an invitation for %(job)s was made on %(date)s."
    ),
    ActivityKind.HELD_SAME_JOB: _(
        "Not invited yet: another profile of the same person (the same e-mail address, or the same "
        "name and phone number) was invited to %(job)s on %(date)s. Merge the two profiles in "
        "SmartRecruiters, or press Invite anyway on the job's page."
    ),
    ActivityKind.HELD_OTHER_JOB: _(
        "Not invited yet: the same person was invited to the same assessment for another job on "
        "%(date)s. Press Invite anyway on the page of %(job)s if it is to be taken again."
    ),
    ActivityKind.INVITED_ANYWAY: _(
        "%(user)s invited the candidate to %(job)s, though the same person was invited before."
    ),
    ActivityKind.INVITED_FOR_OTHER_JOB_TOO: _(
        "The same person was invited to the same assessment for another job on %(date)s."
    ),
    ActivityKind.INVITED_BEFORE_MERGING: _(
        "Not invited again: two profiles of this person were merged in SmartRecruiters, and under "
        "the other one an invitation for %(job)s was made on %(date)s. What came of it stands on "
        "that profile."
    ),
    ActivityKind.PROFILES_MERGED: _(
        "Two profiles of this person were merged in SmartRecruiters. Everything of the one that "
        "is gone belongs to this one now; it can't be undone."
    ),
    ActivityKind.PROFILES_MERGED_LIKELY: _(
        "A profile is gone from SmartRecruiters, and this one on the same job has the same e-mail "
        "address. SmartRecruiters does not tell, so we take it for a merge: everything of the "
        "other profile belongs to this one now."
    ),
    ActivityKind.MERGE_LIKELY: _(
        "This profile is gone from SmartRecruiters, and another one on the same job has the same "
        "name and e-mail address. SmartRecruiters does not tell whether the two were merged, so a "
        "person decides on the candidate's profile here."
    ),
    ActivityKind.MERGED_BY_HAND: _(
        "%(user)s decided that this profile and one that is gone from SmartRecruiters are the same "
        "person's. Everything of the one that is gone belongs to this one now; it can't be undone."
    ),
    ActivityKind.CANDIDATE_GONE: _("The candidate is no longer in SmartRecruiters."),
    ActivityKind.APPLICATION_GONE: _(
        "The application is no longer on this job in SmartRecruiters."
    ),
}
