"""When the invitation was sent, what the schedule of reminders does, and the reminders sent."""

from datetime import datetime

from sqlalchemy import update

from eqsr.core.db import db, transaction
from eqsr.invitations import due_reminders
from eqsr.invitations.models import Invitation


def was_sent(story, moment: datetime) -> None:
    """As if the invitation had left at this moment: between it and the next working day there may
    be a weekend."""
    with story.world.app.app_context(), transaction() as session:
        session.execute(update(Invitation).values(sent_at=moment))


def look(story) -> None:
    """What the schedule does, twice; and the work."""
    with story.world.app.app_context():
        for _look in range(2):
            due_reminders.remind_due()
        db.session.remove()
    story.work()


def reminders(story) -> list[dict]:
    return [mail for mail in story.mails() if mail["subject"].startswith("Reminder")]
