"""Problems of a job: as sentences, and as an SQL condition that finds jobs with problems."""

import uuid
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from eqsr.connections.models import ConnectionState
from eqsr.duplicates import holding
from eqsr.jobs.models import Job, JobState, StageLink
from eqsr.jobs.stage_successors import successors
from eqsr.screens.jobs.dead_work import dead_by_job
from eqsr.screens.jobs.problem_queries import (
    InvitationProblems,
    Links,
    ailing_connections,
    connections_of,
    invitation_problems,
    missing_stages,
)


def sentences(
    jobs: Sequence[Job], links: Links, ailing: dict[uuid.UUID, ConnectionState] | None = None
) -> dict[uuid.UUID, list[str]]:
    """Per job, what is wrong and what to do; nothing about closed ones. ``ailing``: what
    ``ailing_connections`` says, where it was asked already. Five queries at most, and one more
    where a stage is missing."""
    wanted = [job.id for job in jobs if job.state is not JobState.CLOSED]
    missing = missing_stages(links)
    ailing = ailing_connections(links) if ailing is None else ailing
    names = successors(connections_of(links)) if missing else {}
    people, dead = invitation_problems(wanted), dead_by_job(wanted)
    held = holding.counts(wanted)
    return {
        job_id: [
            *_of_links(links.get(job_id, []), missing, names, ailing),
            *_of_people(people.get(job_id, InvitationProblems())),
            *_held(held.get(job_id, 0)),
            *(_stuck(dead[job_id]) if job_id in dead else ()),
        ]
        for job_id in wanted
    }


def _of_links(
    links: list[StageLink],
    missing: set[tuple],
    names: dict[tuple, str],
    ailing: dict[uuid.UUID, ConnectionState],
) -> list[str]:
    found = []
    for link in links:
        place = (link.ats_job.connection_id, link.status, link.sub_status)
        if link.ats_job.gone_at is not None:
            found.append(
                _("The job is no longer in SmartRecruiters, so nobody can be moved to this stage.")
            )
        elif place in names:
            found.append(
                _(
                    "SmartRecruiters no longer has this stage: “%(stage)s”. It may now be called "
                    "“%(new_name)s”: press Change and choose it.",
                    stage=link.sub_status,
                    new_name=names[place],
                )
            )
        elif place in missing:
            found.append(_("SmartRecruiters no longer has this stage. Connect another one."))
    states = {ailing.get(link.ats_job.connection_id) for link in links}
    if ConnectionState.DISCONNECTED in states:
        found.append(_("SmartRecruiters is disconnected, so nobody is invited."))
    if ConnectionState.NEEDS_ATTENTION in states:
        found.append(_("The connection to SmartRecruiters needs attention."))
    return list(dict.fromkeys(found))


def _of_people(numbers: InvitationProblems) -> list[str]:
    found = []
    if addresses := numbers.addresses:
        found.append(
            ngettext(
                "%(num)s invitation could not be delivered. Correct its address.",
                "%(num)s invitations could not be delivered. Correct their addresses.",
                addresses,
            )
        )
    if others := numbers.others:
        found.append(
            ngettext(
                "%(num)s invitation could not be sent, though its address may be right. Open it to "
                "see why.",
                "%(num)s invitations could not be sent, though their addresses may be right. Open "
                "them to see why.",
                others,
            )
        )
    if interrupted := numbers.interrupted:
        found.append(
            ngettext(
                "%(num)s candidate ran out of time before everything was done. Look at what is "
                "there, or give them more time.",
                "%(num)s candidates ran out of time before everything was done. Look at what is "
                "there, or give them more time.",
                interrupted,
            )
        )
    return found


def _held(number: int) -> list[str]:
    """``number``: invitations that wait until a person has decided about them."""
    if not number:
        return []
    return [
        ngettext(
            "%(num)s invitation waits for you: the same person was invited before.",
            "%(num)s invitations wait for you: the same people were invited before.",
            number,
        )
    ]


def _stuck(number: int) -> list[str]:
    return [
        ngettext(
            "%(num)s step was given up. An administrator can try it again, under Connection.",
            "%(num)s steps were given up. An administrator can try them again, under Connection.",
            number,
        )
    ]
