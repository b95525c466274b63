"""SmartRecruiters and a mail server in memory, scripted by a test: fast enough for thousands of
lives of an invitation. What they know is what really happened."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage

from eqsr.core.clock import now
from eqsr.mail import smtp_errors
from eqsr.smartrecruiters.errors.access import NoAccess
from eqsr.smartrecruiters.errors.refusals import NotFound, RequestRefused
from eqsr.smartrecruiters.types import candidates, jobs, lists, profile, stages, webhooks

MILLISECOND = timedelta(milliseconds=1)


@dataclass
class Profile:
    """One candidate. ``history`` is oldest first."""

    ats_id: str
    email: str | None
    history: list[candidates.StatusChange] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    updated_on: datetime = field(default_factory=now)
    deleted: bool = False

    @property
    def stage(self) -> stages.Stage:
        return stages.Stage(self.history[-1].status, self.history[-1].sub_status)


@dataclass(frozen=True)
class Event:
    headers: dict[str, str]
    body: bytes


class Scripted:
    """The calls of ``SmartRecruiters`` that the life of an invitation needs, for one job."""

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        self.people: dict[str, Profile] = {}
        # Raised by the next calls, first to last.
        self.trouble: list[Exception] = []

    # what recruiters do; each returns the event that tells of it

    def applies(self, email: str | None) -> Event:
        person = Profile(str(uuid.uuid4()), email)
        self.people[person.ats_id] = person
        return self._into(person, stages.Stage("NEW"), "application.created")

    def moves(self, person: Profile, stage: stages.Stage) -> Event:
        return self._into(person, stage, "application.status.updated")

    def corrects(self, person: Profile, email: str) -> Event:
        person.email, person.updated_on = email, now()
        return self._event("candidate.updated", id=person.ats_id)

    def deletes(self, person: Profile) -> Event:
        person.deleted = True
        return self._event("candidate.deleted", id=person.ats_id)

    # what the product asks

    def application(self, candidate_id: str, job_id: str) -> candidates.ApplicationRecord:
        person = self._person(candidate_id)
        stage = person.stage
        return candidates.ApplicationRecord(
            candidate_id, job_id, None, stage.status, stage.sub_status
        )

    def candidate(self, candidate_id: str) -> candidates.CandidateRecord:
        person = self._person(candidate_id)
        return candidates.CandidateRecord(
            candidate_id, "Ada", "Jansen", person.email, tuple(person.tags)
        )

    def status_history(self, candidate_id: str, job_id: str) -> tuple[candidates.StatusChange, ...]:
        return tuple(self._person(candidate_id).history)

    def candidates_page(self, **filters) -> lists.ApiPage[candidates.CandidateSummary]:
        self._strike()
        wanted = stages.Stage(filters.get("status") or "", filters.get("sub_status"))
        after = filters.get("updated_after")
        found = [
            person
            for person in self.people.values()
            if not person.deleted
            and (not wanted.status or person.stage == wanted)
            and (after is None or person.updated_on > after)
        ]
        return lists.ApiPage(tuple(map(self._summary, found)), None, len(found))

    def company(self) -> jobs.Company:
        self._strike()
        return jobs.Company("Northwind", "northwind")

    def add_tags(self, candidate_id: str, tags: list[str]) -> None:
        person = self._person(candidate_id)
        person.tags = list(dict.fromkeys([*person.tags, *tags]))
        person.updated_on = now()

    def add_note(self, text: str, candidate_id: str) -> str:
        self._strike()
        if self.people[candidate_id].deleted:
            raise RequestRefused(endpoint="POST /messages/shares", status=400)
        note_id = str(uuid.uuid4())
        self.people[candidate_id].notes[note_id] = text
        return note_id

    def delete_note(self, note_id: str) -> None:
        self._strike()
        for person in self.people.values():
            person.notes.pop(note_id, None)

    def notes(self, candidate_id: str) -> Iterator[profile.Note]:
        self._strike()
        for text in self.people[candidate_id].notes.values():
            yield profile.Note(text, None, None, None)

    def callbacks_log(self, *_, **__) -> Iterator[webhooks.Callback]:
        """What was dropped was never sent, so the log does not have it."""
        self._strike()
        return iter(())

    def _strike(self) -> None:
        if self.trouble:
            raise self.trouble.pop(0)

    def _person(self, candidate_id: str) -> Profile:
        self._strike()
        person = self.people.get(candidate_id)
        if person is None:
            raise NotFound(endpoint="GET /candidates/{candidate_id}", status=404)
        if person.deleted:
            raise NoAccess(scope="candidates_read", status=401)
        return person

    def _into(self, person: Profile, stage: stages.Stage, name: str) -> Event:
        at = now()
        if person.history:
            at = max(at, person.history[-1].changed_on + MILLISECOND)
        person.history.append(candidates.StatusChange(at, stage.status, stage.sub_status))
        person.updated_on = at
        return self._event(name, candidate_id=person.ats_id, job_id=self.job_id)

    def _summary(self, person: Profile) -> candidates.CandidateSummary:
        return candidates.CandidateSummary(
            person.ats_id, "Ada", "Jansen", person.email, None, None, person.updated_on
        )

    @staticmethod
    def _event(name: str, **body: str) -> Event:
        headers = {"event-id": str(uuid.uuid4()), "event-name": name}
        return Event(headers, json.dumps(body).encode())


class MailServer:
    """Stands for ``smtp.send``. ``mood``: accept, refuse (5xx), away (4xx, or nobody there), or
    lose_answer: taken, but the 250 does not arrive."""

    def __init__(self) -> None:
        self.mood = "accept"
        self.taken: list[tuple[str, str]] = []
        self.refused: set[str] = set()

    def send(self, _settings, message: EmailMessage) -> None:
        address = str(message["To"])
        if self.mood == "refuse":
            self.refused.add(address)
            raise smtp_errors.MailRefused("550 no such mailbox")
        if self.mood == "away":
            raise smtp_errors.MailServerUnavailable("451 try again later")
        self.taken.append((address, str(message["Message-ID"])))
        if self.mood == "lose_answer":
            raise smtp_errors.MailServerUnavailable(
                "the mail server can't be reached (SMTPServerDisconnected)"
            )
