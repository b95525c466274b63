"""Check whose account a credential opens: a connection stays with one company."""

from eqsr.connections.models import Connection
from eqsr.core.messages import N_, store
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.access import CredentialsRefused
from eqsr.smartrecruiters.errors.base import SmartRecruitersError
from eqsr.smartrecruiters.types.jobs import Company

COMPANY_HIDDEN = N_(
    "SmartRecruiters does not let us see whose account this credential opens, and %(before)s is "
    "connected here. Add the scope company_read to the credential, then try again."
)

OTHER_COMPANY = N_(
    "These credentials belong to %(found)s, but %(before)s was connected here before: use "
    "credentials of the same company, or contact support."
)


def company(client: SmartRecruiters) -> Company | None:
    """Return whose account it is; None if SmartRecruiters does not let us see it.

    Raises CredentialsRefused, and a retryable SmartRecruitersError.
    """
    try:
        found = client.company()
        return found if found.name else None
    except CredentialsRefused:
        raise
    except SmartRecruitersError as error:
        if error.retryable:
            raise
        return None


def company_mismatch(connection: Connection, found: Company | None) -> str:
    """Return a stored sentence if the credential is not the connected company's, else ''.

    Jobs and candidates of two companies must not be mixed in one organisation. So once the company
    is known, a credential that does not show its company (``found`` None) is refused too.
    """
    identifier, name = connection.company_identifier, connection.company_name
    if not known_company(connection):
        return ""
    shown = found and (found.identifier if identifier else found.name)
    if found is None or not shown:
        return store(COMPANY_HIDDEN, before=name or identifier)
    if shown == (identifier or name):
        return ""
    return store(OTHER_COMPANY, found=found.name or found.identifier, before=name or identifier)


def known_company(connection: Connection | None) -> str:
    """Return the company that is or was connected, '' if unknown.

    A new credential must show the same one (see ``company_mismatch``).
    """
    if connection is None or connection.connected_at is None:
        return ""
    return connection.company_name or connection.company_identifier or ""
