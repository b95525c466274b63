"""What the worker does for feedback."""

import uuid

from eqsr.extras.feedback import emails
from eqsr.extras.feedback.service import TO_CANDIDATE, TO_PEOPLE
from eqsr.outbox.handlers import handles


@handles(TO_PEOPLE, attempts=40, on_dead=emails.on_dead)
def send_request(mail_id: uuid.UUID) -> None:
    emails.send_to_people(mail_id)


@handles(TO_CANDIDATE, attempts=40, on_dead=emails.on_dead)
def send_answer(mail_id: uuid.UUID) -> None:
    emails.send_to_candidate(mail_id)
