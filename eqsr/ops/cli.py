"""Commands: ``flask --app app …``. Results go to stdout, messages to stderr."""

import secrets
import sys
from collections.abc import Callable
from functools import wraps

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

from eqsr.core.messages import UserError

organisation = AppGroup("organisation", help="Customers, and the platform itself.")
user = AppGroup("user", help="People who log in.")
onboarding = AppGroup("onboarding", help="Links by which customers connect SmartRecruiters.")
instruments = AppGroup("instruments", help="Questionnaires and games.")
mail = AppGroup("mail", help="Mails that were sent.")
scores = AppGroup("scores", help="Scores of finished sittings.")
work = AppGroup("work", help="Work that was given up.")
keys = AppGroup("keys", help="The keys that encrypt customers' secrets.")

ROLE_NAMES = ("admin", "reviewer", "staff")

# sysexits.h: mail servers keep the message and try again.
EX_TEMPFAIL = 75


def register_commands(app: Flask) -> None:
    """Add the commands of every room."""
    for command in (organisation, user, onboarding, instruments, mail, scores, work, keys, doctor):
        app.cli.add_command(command)


def in_plain_words(command: Callable) -> Callable:
    """A mistake of the person who calls it ends in one sentence and exit code 1."""

    @wraps(command)
    def guarded(*args, **kwargs):
        try:
            return command(*args, **kwargs)
        except UserError as error:
            click.echo(error.sentence, err=True)
            sys.exit(1)

    return guarded


@organisation.command("create")
@click.argument("name")
@in_plain_words
def create_organisation(name: str) -> None:
    """Make an organisation and print its slug."""
    from eqsr.accounts import service

    click.echo(service.create_organisation(name).slug)


@user.command("create")
@click.argument("email")
@click.option("--organisation", "slug", required=True, help="Slug of the user's organisation.")
@click.option("--role", type=click.Choice(ROLE_NAMES), required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@in_plain_words
def create_user(email: str, slug: str, role: str, password_stdin: bool) -> None:
    """Make a user. Without --password-stdin a password is made up and printed, this once."""
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
@in_plain_words
def make_link(slug: str, email: str) -> None:
    """Make an onboarding link and print its address. It is not mailed."""
    from eqsr.onboarding import service

    link, url = service.issue_link(_organisation(slug).id, email)
    click.echo(url)
    click.echo(f"It works until {link.expires_at:%d %B %Y}, and replaces earlier links.", err=True)


@instruments.command("check")
def check_instruments() -> None:
    """Say of each instrument's folder whether it is complete; exit code 1 when one is not."""
    from eqsr.instruments import catalogue

    incomplete = 0
    for folder, problems in sorted(catalogue.check_all().items()):
        click.echo(f"{folder}: {'; '.join(problems) or 'complete'}")
        incomplete += bool(problems)
    sys.exit(1 if incomplete else 0)


@mail.command("bounce")
def take_bounce() -> None:
    """Read one message that came back from standard input, as a mail server's pipe gives it.

    Exit code 0, also for what is no report of a mail of ours; 75 when it should be given again.
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
@in_plain_words
def rescore(slug: str, job_id, sitting_id, instrument: str | None) -> None:
    """Score an organisation's finished sittings again, each against the norm of its job.

    Prints how many; a worker does it. What comes out the same changes nothing.
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
    """List what was given up, latest first: its id, when, what, for which customer, and why."""
    from eqsr.connections import service as connections
    from eqsr.outbox import service as outbox

    for one in outbox.dead(limit=1000):
        connection = one.connection_id and connections.get(one.connection_id)
        whose = connection.organisation.slug if connection else "-"
        why = " ".join((one.last_error or "").split())
        click.echo(f"{one.id} {one.ended_at:%Y-%m-%dT%H:%M} {one.kind} {whose} {why}")


@work.command("retry")
@click.argument("work_ids", metavar="[ID]...", nargs=-1, type=click.UUID)
@in_plain_words
def retry_dead(work_ids) -> None:
    """Try again what was given up: these pieces, or all. Prints how many.

    All: also invitations that failed for another reason than their address, and mails that wait
    because the mail server takes none.
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

    Prints how many were changed; exit code 1 when there is one that none of the keys opens.
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
    """Say what is well and what is not; exit code 1 when something is not."""
    from eqsr.ops.doctor import examine
    from eqsr.ops.health import migrated

    ill = 0
    for finding in examine(migrated):
        click.echo(str(finding))
        ill += not finding.well
    sys.exit(1 if ill else 0)


def _organisation(slug: str):
    from eqsr.accounts import service
    from eqsr.core.messages import NotFoundError

    try:
        return service.organisation_by_slug(slug)
    except NotFoundError:
        raise UserError(f"There is no organisation with the slug {slug}.") from None
