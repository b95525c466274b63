"""A customer with a SmartRecruiters account and a ready connection, for tests that need no
onboarding, no webhooks and no worker.
"""

import uuid
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import requests
from flask import Flask
from sqlalchemy import update

from eqsr.connections import mirror
from eqsr.connections.models import Connection, ConnectionState
from eqsr.connections.stage_mirror import mirror_stages
from eqsr.core.db import db, end_read, transaction
from eqsr.core.extensions import vault
from eqsr.outbox.handlers import Reschedule
from eqsr.smartrecruiters.errors.outages import Throttled
from tests.services.processes import eventually
from tests.services.sandbox import Sandbox


@dataclass(frozen=True)
class Customer:
    """One customer; ``company`` is the sandbox's id of the account."""

    app: Flask
    box: Sandbox
    company: str
    connection_id: uuid.UUID
    credential_id: str

    def opens(self, title: str, **facts: Any) -> str:
        """Create a job in SmartRecruiters and return its id there."""
        wish = {"title": title, "quiet": True} | facts
        return self.box.post(f"companies/{self.company}/jobs", wish)["id"]

    def opens_many(self, count: int) -> None:
        wish = {"count": count, "title_prefix": "Many", "quiet": True}
        self.box.post(f"companies/{self.company}/jobs/bulk", wish)

    def changes(self, ats_id: str, **facts: Any) -> None:
        self.box.post(f"companies/{self.company}/jobs/{ats_id}", facts)

    def hires(self, **facts: Any) -> str:
        """Create a hiring process and return its id."""
        return self.box.post(f"companies/{self.company}/hiring-processes", facts)["id"]

    def changes_process(self, process_id: str, **facts: Any) -> None:
        self.box.post(f"companies/{self.company}/hiring-processes/{process_id}", facts)

    def processes(self) -> list[dict[str, Any]]:
        return self.box.get(f"companies/{self.company}")["hiringProcesses"]

    def gets_candidates(self, ats_id: str, count: int, **stage: str) -> None:
        wish = {"count": count, "jobId": ats_id, "quiet": True, "email_prefix": uuid.uuid4().hex}
        self.box.post(f"companies/{self.company}/candidates/bulk", wish | stage)

    def may(self, *scopes: str) -> None:
        """Restrict the credential to these scopes."""
        path = f"companies/{self.company}/credentials/{self.credential_id}"
        self.box.post(path, {"scopes": list(scopes)})

    def fails(self, kind: str, path: str, **facts: Any) -> None:
        """Activate a fault for SmartRecruiters' answers to ``path``."""
        self.box.post("faults", {"kind": kind, "match": {"path": path}} | facts)

    def heal(self) -> None:
        """Remove all faults."""
        requests.delete(f"{self.box.url}/sandbox/api/faults", timeout=30).raise_for_status()

    def mirror(self) -> int:
        """Mirror everything, with as many calls as that takes."""
        with self.app.app_context():
            mirror_stages(self.connection_id)
            found = eventually(self._mirrored, 30)
        assert found, "the mirror never ends"
        return found[0]

    def _mirrored(self) -> list[int]:
        """Return [number of mirrored jobs], or [] while a limit delays us or jobs remain."""
        with suppress(Throttled, Reschedule):
            return [mirror.mirror_jobs(self.connection_id)]
        return []

    def set_connection(self, **values: Any) -> None:
        with self.app.app_context(), transaction() as session:
            session.execute(
                update(Connection).where(Connection.id == self.connection_id).values(values)
            )

    def connection(self) -> Connection:
        end_read()
        return db.session.get_one(Connection, self.connection_id, populate_existing=True)


def connected(app: Flask, box: Sandbox, organisation_id: uuid.UUID, name: str) -> Customer:
    """Create a sandbox account with a working connection and an empty mirror."""
    company = box.post("companies", {"name": name})["id"]
    made = box.post(f"companies/{company}/credentials", {"name": "tests"})
    with app.app_context(), transaction() as session:
        connection = Connection(
            organisation_id=organisation_id,
            key=uuid.uuid4().hex,
            state=ConnectionState.ACTIVE,
            client_id=made["clientId"],
            encrypted_client_secret=vault.encrypt(made["clientSecret"]),
        )
        session.add(connection)
        session.flush()
        return Customer(app, box, company, connection.id, made["id"])


def mirrored(app: Flask, box: Sandbox, organisation_id: uuid.UUID) -> Customer:
    """The same of Northwind, with two jobs that are mirrored."""
    made = connected(app, box, organisation_id, "Northwind")
    made.opens("Java Developer", refNumber="REF914A")
    made.opens("Nurse", refNumber="REF2")
    made.mirror()
    return made
