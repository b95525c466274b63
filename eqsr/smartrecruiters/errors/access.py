"""SmartRecruiters refuses the credential, or what it may not see."""

from typing import Unpack

from eqsr.core.messages import N_, store
from eqsr.smartrecruiters.errors.base import Call, Fault, SmartRecruitersError

CREDENTIALS_PAGE = "Settings / Admin, Apps & Integrations, Credentials"


class CredentialsRefused(SmartRecruitersError):
    """The token endpoint refused the Client ID and Client Secret (400, 401, 403)."""

    fault: Fault = "connection"
    code = "credentials_refused"
    sentence = N_(
        "SmartRecruiters does not accept this Client ID and Client Secret: check that both were "
        "copied whole and that the credential still exists, or make a new one under Settings / "
        "Admin, Apps & Integrations, Credentials."
    )


class NoAccess(SmartRecruitersError):
    """The token is valid but does not allow this call (403, or 401 again with a new token).

    ``scope`` is the scope that the call needs. It is only known to be missing if ``lacks_scope``
    is True: SmartRecruiters sent its own error for that. It also answers 401 or 403 for a job or
    candidate that this credential may not see or that was deleted, and 403 if the credential's
    system role is too weak. Such an answer says nothing about other calls and no check of the
    connection helps: ``out_of_reach`` is True then.
    """

    fault: Fault = "connection"
    code = "no_access"

    def __init__(self, *, scope: str, lacks_scope: bool = False, **call: Unpack[Call]) -> None:
        super().__init__(**call)
        self.scope = scope
        self.lacks_scope = lacks_scope
        self.out_of_reach = not lacks_scope and self.status in (400, 403)
        if self.out_of_reach:
            self.fault = "theirs"
        self.sentence = store(
            "SmartRecruiters gave no access to this: the credential needs the scope %(scope)s "
            "and a system role that may see the job and candidate; if it has both, what we "
            "asked for may have been deleted.",
            scope=scope,
        )

    @property
    def worth_retrying(self) -> bool:
        """True if the object is out of reach, as that may change."""
        return self.out_of_reach
