"""The invitations of a job: filtered and sorted."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select

from eqsr.candidates.models import Application, Candidate
from eqsr.core.folding import folded
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.models import Job
from eqsr.screens.jobs import score_order
from eqsr.screens.jobs.lists import INVITATIONS_A_PAGE, ListPage, page_of
from eqsr.screens.jobs.score_order import ScaleOrder

LATEST, NAME, STATE = "latest", "name", "state"
SORTS = (LATEST, NAME, STATE)


@dataclass(frozen=True)
class InvitationFilter:
    """Which invitations to show: of this state (None: any), with all words of ``text`` in the
    candidate's name or an address, sorted by ``sort``."""

    state: InvitationState | None = None
    text: str = ""
    sort: str = LATEST

    @property
    def narrowed(self) -> bool:
        """Whether the filter leaves anything out."""
        return self.state is not None or bool(self.text)


def wanted(state: str, text: str, sort: str) -> InvitationFilter:
    """The filter from query parameters; unknown values are ignored."""
    known = state in [one.value for one in InvitationState]
    plain = " ".join(text.replace("\x00", " ").split())[:200]
    return InvitationFilter(
        InvitationState(state) if known else None, plain, sort if sort in SORTS else LATEST
    )


def invitations(
    job: Job,
    page: int,
    wish: InvitationFilter = InvitationFilter(),
    by_scale: ScaleOrder | None = None,
) -> ListPage[Invitation]:
    """One page of the list. Sorted by a scale, it holds only interpretable scores on it."""
    if by_scale is not None:
        query = score_order.readable(_query(job, wish), by_scale)
        return page_of(query, score_order.places(by_scale), page, INVITATIONS_A_PAGE)
    return page_of(_query(job, wish), _order(wish.sort), page, INVITATIONS_A_PAGE)


def apart(job: Job, wish: InvitationFilter, order: ScaleOrder) -> Sequence[Invitation]:
    """The filtered invitations whose score on the scale can't be interpreted."""
    return score_order.apart(_query(job, wish), order)


def in_order(job: Job, wish: InvitationFilter) -> Select[Invitation]:
    """The query for the filtered invitations, in the list's order."""
    return _query(job, wish).order_by(*_order(wish.sort))


def _query(job: Job, wish: InvitationFilter) -> Select:
    query = select(Invitation).where(Invitation.job_id == job.id)
    if wish.text or wish.sort == NAME:  # else thousands would be joined to show fifty
        query = query.join(Application, Application.id == Invitation.application_id)
        query = query.join(Candidate, Candidate.id == Application.candidate_id)
    if wish.state is not None:
        query = query.where(Invitation.state == wish.state)
    for word in folded(wish.text).split():
        theirs = Candidate.search.contains(word, autoescape=True)
        # The invitation's own address may be another one: it can be corrected.
        ours = func.lower(Invitation.email).contains(word, autoescape=True)
        query = query.where(or_(theirs, ours))
    return query


def _order(sort: str) -> tuple:
    latest = (Invitation.queued_at.desc(), Invitation.id)
    if sort == NAME:
        return (Candidate.sort_name, *latest)
    return (Invitation.state, *latest) if sort == STATE else latest
