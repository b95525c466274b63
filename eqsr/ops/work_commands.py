"""Commands for dead work, returned mail and scores."""

import sys
import uuid

import click
from flask.cli import AppGroup

from eqsr.core.messages import UserError
from eqsr.ops.command_errors import organisation_of_slug, reporting_errors
from eqsr.ops.migrations import EX_TEMPFAIL
from eqsr.outbox import retries, status

mail = AppGroup("mail", help="Mails that were sent.")
scores = AppGroup("scores", help="Scores of finished sittings.")
work = AppGroup("work", help="Work that was given up.")


@mail.command("bounce")
def take_bounce() -> None:
    """Read a returned message from standard input, as the pipe of a mail server sends it.

    Exit code 0, also for a message that is no bounce of an email of ours; 75 if the mail server
    should try again.
    """
    from eqsr.core.db_errors import is_database_trouble
    from eqsr.invitations import bounces as bounced
    from eqsr.mail.bounces import MAX_BYTES

    try:
        click.echo(bounced.take(sys.stdin.buffer.read(MAX_BYTES)))
    except Exception as error:
        if not is_database_trouble(error):
            raise
        click.echo("The database is away for a moment.", err=True)
        sys.exit(EX_TEMPFAIL)


@scores.command("rescore")
@click.argument("slug")
@click.option("--job", "job_id", type=click.UUID, help="Only this job's.")
@click.option("--sitting", "sitting_id", type=click.UUID, help="Only this one.")
@click.option("--instrument", help="Only those of this instrument.")
@reporting_errors
def rescore(
    slug: str, job_id: uuid.UUID | None, sitting_id: uuid.UUID | None, instrument: str | None
) -> None:
    """Score an organisation's finished sittings again, each against the norm of its job.

    Prints how many; a worker does the scoring. Equal results change nothing.
    """
    from eqsr.sittings import rescoring

    number = rescoring.request_rescoring(
        organisation_id=organisation_of_slug(slug).id,
        job_id=job_id,
        sitting_id=sitting_id,
        instrument=instrument,
    )
    click.echo(number)


@work.command("dead")
def list_dead() -> None:
    """List dead work, latest first: id, time, kind, customer and reason."""
    from eqsr.connections import service as connections

    for one in status.dead(limit=1000):
        connection = one.connection_id and connections.get(one.connection_id)
        whose = connection.organisation.slug if connection else "-"
        why = " ".join((one.last_error or "").split())
        click.echo(f"{one.id} {one.ended_at:%Y-%m-%dT%H:%MZ} {one.kind} {whose} {why}")


@work.command("retry")
@click.argument("work_ids", metavar="[ID]...", nargs=-1, type=click.UUID)
@reporting_errors
def retry_dead(work_ids: tuple[uuid.UUID, ...]) -> None:
    """Retry dead work: these pieces, or all. Prints how many.

    All includes invitations that failed for another reason than their address, and emails that
    wait because the mail server accepts none.
    """
    from eqsr.invitations import email_retry

    unknown = [str(one) for one in work_ids if not retries.retry(one)]
    if unknown:
        raise UserError(f"This was not given up: {', '.join(unknown)}.")
    click.echo(len(work_ids) or retries.retry_all() + email_retry.retry_all())
