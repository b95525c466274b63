"""Check the installation: one finding per part, with advice if something is wrong."""

from collections.abc import Callable, Iterator

from eqsr.core.extensions import settings
from eqsr.ops import connection_findings, restore_finding, server_findings
from eqsr.ops.finding import Finding
from eqsr.outbox import status

# Age of the oldest due row that is reported. Workers claim due rows within about a second, but a
# customer's burst waits for its rate limits.
LATE_SECONDS = 300


def examine(migrated: Callable[[], bool]) -> Iterator[Finding]:
    """Check every part. ``migrated`` says whether the database has this code's schema."""
    yield from _settings()
    yield _public_url()
    database = server_findings.database(migrated)
    yield database
    yield server_findings.redis()
    yield server_findings.mail_server(database.well)
    if database.well:
        yield from restore_finding.restored()
        yield from server_findings.returned_mail()
        yield _due_work()
        yield connection_findings.clock()
        yield from connection_findings.connections()


def _settings() -> Iterator[Finding]:
    """Settings that can't be used keep everything from starting; here are those to think about."""
    yield Finding("settings", "all of them can be used.")
    for warning in settings.warnings:
        yield Finding("settings", f"{warning}")


def _public_url() -> Finding:
    url = settings.public_url
    if not settings.production:
        return Finding("PUBLIC_URL", f"{url} is this machine: fine for trying things out.")
    return Finding("PUBLIC_URL", f"{url} is what pages, mails and SmartRecruiters use.")


def _due_work() -> Finding:
    seconds = round(status.oldest_due_seconds())
    if seconds > LATE_SECONDS:
        return Finding(
            "work",
            f"the oldest that is due has waited for {seconds} seconds.",
            "Check that a worker runs (python worker.py) and look into its log.",
        )
    unknown = status.unknown_kinds()
    if unknown:
        return Finding(
            "work",
            f"this release does not know the kind {', '.join(unknown)}.",
            "Start workers of the release that wrote it down; until then it waits.",
        )
    dead = status.counts().get("dead", 0)
    if dead:
        return Finding(
            "work",
            f"{dead} pieces were given up.",
            "Run: flask --app app work dead. Mend the cause, then: flask --app app work retry",
        )
    return Finding("work", "nothing has waited for long.")
