"""The SmartRecruiters jobs that a search in the dialog finds."""

from collections.abc import Sequence
from dataclasses import dataclass

from eqsr.connections import job_lookup, search
from eqsr.connections.models import AtsJob, Connection
from eqsr.screens.jobs.dialog.out_of_reach import sentence_of


@dataclass(frozen=True)
class JobMatches:
    """The jobs that the search for ``text`` found, and the ``chosen`` job.

    ``complete``: all of SmartRecruiters' jobs are mirrored. ``trouble``: a sentence, or empty.
    """

    text: str
    jobs: Sequence[AtsJob]
    chosen: AtsJob | None
    complete: bool
    trouble: str = ""
    limit: int = search.MAX_JOBS

    @property
    def rows(self) -> list[AtsJob]:
        """The jobs to list; the chosen one comes first if the search did not find it."""
        chosen = [self.chosen] if self.chosen is not None else []
        return [one for one in chosen if one not in self.jobs] + list(self.jobs)

    @property
    def only_chosen(self) -> bool:
        """Whether the list holds only the chosen job, because nothing was searched since."""
        return self.chosen is not None and not self.text and list(self.jobs) == [self.chosen]


def look_up(connection: Connection, text: str, chosen: AtsJob | None = None) -> JobMatches:
    """Search the mirror; ask SmartRecruiters for an id that the mirror does not hold."""
    complete = connection.jobs_synced_at is not None
    if chosen is not None and not text:
        return JobMatches(text, [chosen], chosen, complete)
    if not job_lookup.has_id(text):
        return JobMatches(text, search.search_jobs(connection.id, text), chosen, complete)
    try:
        found = job_lookup.find_job(connection, text)
    except job_lookup.OUT_OF_REACH as error:
        return JobMatches(text, [], chosen, complete, sentence_of(error))
    return JobMatches(text, [found] if found else [], chosen, complete)
