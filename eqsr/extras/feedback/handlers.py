"""Worker tasks and scheduled tasks for candidates' requests."""

import uuid

from eqsr.extras.feedback import emails, reminding
from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.schedule import every


@handles(WorkKind.CANDIDATE_REQUEST_MAIL, attempts=40, on_dead=emails.on_dead)
def send_request(mail_id: uuid.UUID) -> None:
    """Send a request to a member of the job's team."""
    emails.send_to_people(mail_id)


@handles(WorkKind.CANDIDATE_ANSWER_MAIL, attempts=40, on_dead=emails.on_dead)
def send_answer(mail_id: uuid.UUID) -> None:
    """Send an answer to the candidate."""
    emails.send_to_candidate(mail_id)


@every(seconds=3600)
def remind_of_requests() -> None:
    """Remind people of requests that nobody has answered."""
    reminding.remind_due()
