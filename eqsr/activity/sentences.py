"""The sentence for each kind of activity, in the reader's language."""

from flask_babel import lazy_gettext as _

from eqsr.activity.decision_sentences import DECISION_SENTENCES
from eqsr.activity.invitation_sentences import INVITATION_SENTENCES
from eqsr.activity.kinds import ActivityKind
from eqsr.activity.models import Activity
from eqsr.activity.result_sentences import RESULT_SENTENCES
from eqsr.core import formats
from eqsr.core.bidi import isolated
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
    ActivityKind.STAGES_LEFT_PROCESS: _(
        "Some hiring processes in SmartRecruiters no longer have these stages: %(stages)s."
    ),
    ActivityKind.STAGE_MISSING: _(
        "SmartRecruiters no longer has the stage %(stage)s of %(ats_job)s, which %(job)s is "
        "connected to."
    ),
    ActivityKind.ATS_JOB_MISSING: _(
        "SmartRecruiters no longer has the job %(ats_job)s, which %(job)s is connected to."
    ),
    ActivityKind.STAGE_BACK: _("SmartRecruiters has %(ats_job)s, stage %(stage)s, again."),
    ActivityKind.ATS_JOB_STOPPED: _(
        "%(job)s invites and reminds nobody of %(ats_job)s for now: %(why)s."
    ),
    ActivityKind.ATS_JOB_RESUMED: _(
        "%(ats_job)s takes candidates again in SmartRecruiters: %(job)s invites again, also those "
        "who were moved meanwhile."
    ),
    ActivityKind.SUBSCRIPTION_MADE: _("SmartRecruiters now tells us about every move."),
    ActivityKind.SUBSCRIPTION_RESTORED: _(
        "SmartRecruiters had stopped telling us about moves; it does again."
    ),
    ActivityKind.KEY_REPLACED: _("The key that signs SmartRecruiters' events was replaced."),
    ActivityKind.JOBS_MIRRORED: _("%(number)s jobs were read from SmartRecruiters."),
    # a job
    ActivityKind.JOB_CREATED: _("%(user)s created the job."),
    ActivityKind.JOB_CONNECTED: _("%(user)s connected %(ats_job)s, stage %(stage)s."),
    ActivityKind.BACKFILL_STARTED: _(
        "%(user)s had everybody invited who was in %(stage)s already."
    ),
    ActivityKind.BACKFILL_SINCE_STARTED: _(
        "%(user)s had those invited who came into %(stage)s on or after %(date)s."
    ),
    ActivityKind.BACKFILL_STOPPED: _(
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
    **DECISION_SENTENCES,
    **INVITATION_SENTENCES,
    **RESULT_SENTENCES,
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
    return formats.day(value) if key == "date" else isolated(render(value))
