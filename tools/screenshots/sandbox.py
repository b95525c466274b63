"""A client of the sandbox's control API that prepares the pictures."""

from typing import Any

import requests

from tests.services.processes import eventually
from tools.demo import Demo

PATIENCE_SECONDS = 60
COMPANY = "Northwind Logistics"
REFERENCE = "REF137B"
STAGE = "In review: Assessment"


class Sandbox:
    """A client of the sandbox's control API for the customer's company."""

    def __init__(self, demo: Demo):
        self.url = demo.sandbox_url
        companies = self._call("GET", "companies")
        self.company = next(one["id"] for one in companies if one["name"] == COMPANY)
        jobs = self._call("GET", f"companies/{self.company}/jobs")
        self.job = next(one["id"] for one in jobs if one["refNumber"] == REFERENCE)

    def credential(self, scopes: Any = "all") -> dict[str, Any]:
        return self._call("POST", f"companies/{self.company}/credentials", scopes=scopes)

    def add(self, first: str, last: str, email: str | None) -> dict[str, Any]:
        who = {"firstName": first, "lastName": last, "email": email, "jobId": self.job}
        return self._call("POST", f"companies/{self.company}/candidates", **who)

    def invite(self, candidate: dict[str, Any], stage: str = STAGE) -> None:
        """Move a candidate to the stage that invites, or to another one."""
        status, sub_status = stage.split(": ")
        where = {"candidateId": candidate["id"], "jobId": self.job, "subStatus": sub_status}
        where["status"] = status.upper().replace(" ", "_")
        self._call("POST", f"companies/{self.company}/moves", **where)

    def refuse_mail_to(self, email: str) -> None:
        """Make the mail server refuse this address."""
        self._call("POST", "faults", kind="smtp_5xx", match={"address": email})

    def link_for(self, email: str, start: str, subject: str = "") -> str:
        """Return the address in the first mail to this person with these words in its subject."""
        mail = self._mail(email, subject)
        return next(word for word in mail["text"].split() if word.startswith(start))

    def mail_page(self, email: str, subject: str = "") -> str:
        """Return the page of the first mail to this person with these words in its subject."""
        return f"{self.url}/mail/{self._mail(email, subject)['id']}/html"

    def _mail(self, email: str, subject: str = "") -> Any:
        def found() -> Any:
            mails = self._call("GET", f"mails?to={email}")
            return next((mail for mail in mails if subject in mail["subject"]), None)

        return eventually(found, PATIENCE_SECONDS)

    def has_mail(self, email: str, subject: str) -> bool:
        """Whether this person has a mail with these words in its subject."""
        return any(subject in mail["subject"] for mail in self._call("GET", f"mails?to={email}"))

    def rename_stage(self, old: str, new: str) -> None:
        """Rename a sub-status in all hiring processes."""
        for process in self._call("GET", f"companies/{self.company}")["hiringProcesses"]:
            stages = process["subStatuses"]
            named = {
                status: [new if one == old else one for one in names]
                for status, names in stages.items()
            }
            path = f"companies/{self.company}/hiring-processes/{process['id']}"
            self._call("POST", path, subStatuses=named)

    def revoke(self, credential: dict[str, Any]) -> None:
        self._call("DELETE", f"companies/{self.company}/credentials/{credential['id']}")

    def note_on(self, candidate: dict[str, Any]) -> bool:
        path = f"companies/{self.company}/candidates/{candidate['id']}"
        return "View details" in str(self._call("GET", path))

    def _call(self, method: str, path: str, **body: Any) -> Any:
        address = f"{self.url}/sandbox/api/{path}"
        answer = requests.request(method, address, json=body or None, timeout=30)
        answer.raise_for_status()
        return answer.json() if answer.content else None
