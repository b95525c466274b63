"""The steps that try a credential: access token, company, access scopes."""

from eqsr.connections import company_check, progress, queries, scope_checks, scope_sentences
from eqsr.connections.clients import client_for, client_with
from eqsr.connections.models import Connection
from eqsr.connections.progress import FAILED, OK, WARNING, StepOutcome
from eqsr.connections.step_runner import Superseded
from eqsr.core.db import transaction
from eqsr.core.extensions import vault
from eqsr.core.messages import N_
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.access import CredentialsRefused
from eqsr.smartrecruiters.scopes import Scope

# Seconds per call. A person watches, but SmartRecruiters may take 20 s for the handshake.
CONNECT_TIMEOUT = 20.0

# Characters of a Client ID in our form and table.
MAX_CLIENT_ID = 300

FIELDS_SWAPPED = N_(
    "The Client ID and the Client Secret were in each other's field. We exchanged them: you need "
    "not do anything."
)


def client_on_trial(connection: Connection) -> SmartRecruiters:
    """Return a client with the credential being tried, or with the connection's own if none is.

    Raises DecryptionError, NotConnected.
    """
    pending = pending_credential(connection)
    client = client_with(*pending) if pending else client_for(connection)
    return client.with_timeouts(CONNECT_TIMEOUT)


def pending_credential(connection: Connection) -> tuple[str, str] | None:
    """Return the Client ID and Client Secret being tried, or None. Raises DecryptionError."""
    client_id, secret = connection.encrypted_pending_client_id, connection.encrypted_pending_secret
    return (vault.decrypt(client_id), vault.decrypt(secret)) if client_id and secret else None


def check_token(client: SmartRecruiters, connection: Connection) -> StepOutcome:
    """Fetch an access token; if the two fields were swapped, put them right.

    Raises SmartRecruitersError, Superseded.
    """
    try:
        client.check_token()
    except CredentialsRefused:
        if not _exchange_if_swapped(connection):
            raise
        return StepOutcome(OK, FIELDS_SWAPPED)
    return StepOutcome()


def _exchange_if_swapped(connection: Connection) -> bool:
    """Try Client ID and Client Secret the other way round; if that works, store them so.

    False if they were not swapped. Raises Superseded.
    """
    pending, run = pending_credential(connection), connection.run
    if pending is None:
        return False
    client_secret, client_id = pending
    if len(client_id) > MAX_CLIENT_ID:
        return False
    try:
        client_with(client_id, client_secret).with_timeouts(CONNECT_TIMEOUT).check_token()
    except CredentialsRefused:
        return False
    with transaction():
        fresh = queries.for_update(connection.id)
        if fresh.run != run or not progress.running(fresh):
            raise Superseded
        fresh.encrypted_pending_client_id = vault.encrypt(client_id)
        fresh.encrypted_pending_secret = vault.encrypt(client_secret)
    return True


def check_company(client: SmartRecruiters, tried: Connection) -> StepOutcome:
    """Read whose account the credential opens; refuse another company's.

    Raises SmartRecruitersError, Superseded.
    """
    run, found = tried.run, company_check.company(client)
    with transaction():
        connection = queries.for_update(tried.id)
        if connection.run != run or not progress.running(connection):
            raise Superseded
        replacing = connection.encrypted_pending_secret is not None
        problem = company_check.company_mismatch(connection, found)
        if problem and (replacing or found is not None):
            return StepOutcome(FAILED, problem)
        if found is None:
            sentence = N_("SmartRecruiters does not let us see the company's name.")
            return StepOutcome(WARNING, sentence)
        connection.pending_company_name = found.name
        connection.pending_company_identifier = found.identifier
    return StepOutcome(OK, found.name)


def check_one_scope(client: SmartRecruiters, scope: Scope) -> StepOutcome:
    """Check one access scope; only a missing scope that we need fails. Raises
    SmartRecruitersError."""
    check = scope_checks.prove_scope(client, scope)
    sentence = scope_sentences.sentence_for(check)
    if check.outcome == "granted":
        return StepOutcome(OK, sentence, check.outcome)
    failed = check.outcome == "missing" and scope.needed
    return StepOutcome(FAILED if failed else WARNING, sentence, check.outcome)
