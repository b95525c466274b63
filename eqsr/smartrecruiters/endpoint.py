"""One of SmartRecruiters' endpoints: its method, path and the scope that it needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from eqsr.smartrecruiters.errors import InvalidId
from eqsr.smartrecruiters.fields import is_id


@dataclass(frozen=True)
class Endpoint:
    """``path`` is a template below the API's host, such as ``/jobs/{job_id}``."""

    method: str
    path: str
    scope: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    def filled(self, ids: Mapping[str, str]) -> str:
        """The path with its ids in place, percent-encoded. Raises InvalidId."""
        return self.path.format(**{name: quote(self._id(ids[name]), safe="") for name in ids})

    def _id(self, value: str) -> str:
        if not is_id(value):
            raise InvalidId(endpoint=str(self))
        return value
