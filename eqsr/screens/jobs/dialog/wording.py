"""The message after a stage was connected."""

from flask_babel import gettext as _
from flask_babel import ngettext

from eqsr.connections.models import Connection, ConnectionState
from eqsr.instruments.catalogue import assessments
from eqsr.jobs.models import Job, StageLink
from eqsr.screens.jobs.backfill import Backfill, BackfillScope
from eqsr.screens.jobs.stage_labels import stage_label


def what_now(link: StageLink, wish: Backfill, connection: Connection) -> str:
    """Say which candidates are invited, and when, now that the stage is connected."""
    said = [_when(link)]
    if wish.scope is BackfillScope.NONE or link.counts_from >= link.since:
        said.append(_("Candidates who are there already are not invited."))
    else:
        said.append(_("Candidates who are there already are invited now."))
    if connection.state is ConnectionState.NEEDS_ATTENTION:
        said.append(_("The connection needs attention: invitations follow once it works again."))
    return " ".join(said)


def other_assessments(job: Job) -> list[tuple[str, str]]:
    """Id and name of each ready-made assessment that a stage can give instead of the job's."""
    return [(one.id, _(one.name)) for one in assessments() if one.id != job.assessment]


def _when(link: StageLink) -> str:
    stage = stage_label(link)
    if link.grace_minutes:
        return ngettext(
            "Candidates moved to “%(stage)s” from now on are invited "
            "automatically, %(num)s minute after the move.",
            "Candidates moved to “%(stage)s” from now on are invited "
            "automatically, %(num)s minutes after the move.",
            link.grace_minutes,
            stage=stage,
        )
    return _(
        "Candidates moved to “%(stage)s” from now on are invited automatically.",
        stage=stage,
    )
