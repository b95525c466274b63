"""The commands ``flask --app app …``. Results go to stdout, messages to stderr."""

import secrets
import sys
import uuid
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

from eqsr.accounts.models import Organisation
from eqsr.core.messages import UserError
from eqsr.ops.migrations import EX_TEMPFAIL

P = ParamSpec("P")
Result = TypeVar("Result")

organisation = AppGroup("organisation", help="Customers, and the platform itself.")
user = AppGroup("user", help="People who log in.")
onboarding = AppGroup("onboarding", help="Links by which customers connect SmartRecruiters.")
instruments = AppGroup("instruments", help="Questionnaires and games.")
mail = AppGroup("mail", help="Mails that were sent.")
scores = AppGroup("scores", help="Scores of finished sittings.")
work = AppGroup("work", help="Work that was given up.")
keys = AppGroup("keys", help="The keys that encrypt customers' secrets.")

ROLE_NAMES = ("admin", "reviewer", "staff")


def register_commands(app: Flask) -> None:
    """Add all commands to the application."""
    for command in (organisation, user, onboarding, instruments, mail, scores, work, keys, doctor):
        app.cli.add_command(command)


def reporting_errors(command: Callable[P, Result]) -> Callable[P, Result]:
    """Make a command print a UserError as one sentence and exit with code 1."""

    @wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Result:
        try:
            return command(*args, **kwargs)
        except UserError as error:
            click.echo(error.sentence, err=True)
            sys.exit(1)

    return guarded


@organisation.command("create")
@click.argument("name")
@reporting_errors
def create_organisation(name: str) -> None:
    """Create an organisation and print its slug."""
    from eqsr.accounts import organisations

    click.echo(organisations.create_organisation(name).slug)


@user.command("create")
@click.argument("email")
@click.option("--organisation", "slug", required=True, help="Slug of the user's organisation.")
@click.option("--role", type=click.Choice(ROLE_NAMES), required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@reporting_errors
def create_user(email: str, slug: str, role: str, password_stdin: bool) -> None:
    """Create a user. Without --password-stdin, makes a password and prints it once."""
    from eqsr.accounts import service
    from eqsr.accounts.models import Role

    where = _organisation(slug)
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        service.create_user(email, where, Role(role), password)
    else:
        password = secrets.token_urlsafe(12)
        service.create_user(email, where, Role(role), password)
        click.echo(password)
    click.echo(f"{email} can log in as {role} of {where.name}.", err=True)


@onboarding.command("link")
@click.argument("slug")
@click.option("--email", required=True, help="E-mail address of the customer's administrator.")
@reporting_errors
def make_link(slug: str, email: str) -> None:
    """Create an onboarding link and print its address. It is not emailed."""
    from eqsr.onboarding import service

    link, url = service.issue_link(_organisation(slug).id, email)
    click.echo(url)
    click.echo(f"It works until {link.expires_at:%d %B %Y}, and replaces earlier links.", err=True)


@instruments.command("check")
def check_instruments() -> None:
    """Check whether each instrument's folder is complete; exit code 1 if one is not."""
    from eqsr.instruments import catalogue

    incomplete = 0
    for folder, problems in sorted(catalogue.check_all().items()):
        click.echo(f"{folder}: {'; '.join(problems) or 'complete'}")
        incomplete += bool(problems)
    sys.exit(1 if incomplete else 0)


@mail.command("bounce")
def take_bounce() -> None:
    """Read a returned message from standard input, as the pipe of a mail server sends it.

    Exit code 0, also for a message that is no bounce of an email of ours; 75 if the mail server
    should try again.
    """
    from eqsr.core.db import is_database_trouble
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
        organisation_id=_organisation(slug).id,
        job_id=job_id,
        sitting_id=sitting_id,
        instrument=instrument,
    )
    click.echo(number)


@work.command("dead")
def list_dead() -> None:
    """List dead work, latest first: id, time, kind, customer and reason."""
    from eqsr.connections import service as connections
    from eqsr.outbox import service as outbox

    for one in outbox.dead(limit=1000):
        connection = one.connection_id and connections.get(one.connection_id)
        whose = connection.organisation.slug if connection else "-"
        why = " ".join((one.last_error or "").split())
        click.echo(f"{one.id} {one.ended_at:%Y-%m-%dT%H:%M} {one.kind} {whose} {why}")


@work.command("retry")
@click.argument("work_ids", metavar="[ID]...", nargs=-1, type=click.UUID)
@reporting_errors
def retry_dead(work_ids: tuple[uuid.UUID, ...]) -> None:
    """Retry dead work: these pieces, or all. Prints how many.

    All includes invitations that failed for another reason than their address, and emails that
    wait because the mail server accepts none.
    """
    from eqsr.invitations import email_retry
    from eqsr.outbox import service as outbox

    unknown = [str(one) for one in work_ids if not outbox.retry(one)]
    if unknown:
        raise UserError(f"This was not given up: {', '.join(unknown)}.")
    click.echo(len(work_ids) or outbox.retry_all() + email_retry.retry_all())


@keys.command("renew")
def renew_keys() -> None:
    """Encrypt every stored secret with the first of ENCRYPTION_KEYS; then the others can go.

    Prints how many were changed; exit code 1 if none of the keys decrypts one of them.
    """
    from eqsr.ops import rekeying

    found = rekeying.renew()
    click.echo(found.renewed)
    if found.lost:
        click.echo(
            f"None of ENCRYPTION_KEYS opens {found.lost} of the stored secrets: doctor says whose.",
            err=True,
        )
        sys.exit(1)
    click.echo("Every stored secret has the first key now: you can remove the others.", err=True)


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Check the installation and print what is wrong; exit code 1 if anything is."""
    from eqsr.ops.doctor import examine
    from eqsr.ops.health import migrated

    ill = 0
    for finding in examine(migrated):
        click.echo(str(finding))
        ill += not finding.well
    sys.exit(1 if ill else 0)


def _organisation(slug: str) -> Organisation:
    from eqsr.accounts import organisations
    from eqsr.core.messages import NotFoundError

    try:
        return organisations.organisation_by_slug(slug)
    except NotFoundError:
        raise UserError(f"There is no organisation with the slug {slug}.") from None
