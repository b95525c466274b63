"""The endpoints of SmartRecruiters' API: method, path and the scope that a call needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from eqsr.smartrecruiters.errors.refusals import InvalidId
from eqsr.smartrecruiters.fields import is_id


@dataclass(frozen=True)
class Endpoint:
    """One endpoint. ``path`` is a template such as ``/jobs/{job_id}``."""

    method: str
    path: str
    scope: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def writes(self) -> bool:
        """True if a call may change data in SmartRecruiters."""
        return self.method != "GET"

    def filled(self, ids: Mapping[str, str]) -> str:
        """Fill ids into the path, percent-encoded. Raises InvalidId."""
        return self.path.format(**{name: quote(self._id(ids[name]), safe="") for name in ids})

    def _id(self, value: str) -> str:
        if not is_id(value):
            raise InvalidId(endpoint=str(self))
        return value
