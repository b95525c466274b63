"""The commands ``backup``, ``restore``, ``mail resume`` and ``version``."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

from eqsr.core.messages import UserError
from eqsr.core.version import VERSION

FILE = click.Path(dir_okay=False, path_type=Path)


def register(app: Flask, mail: AppGroup) -> None:
    """Add the commands to the application, and ``resume`` to the group ``mail``."""
    for command in (back_up, restore, version):
        app.cli.add_command(command)
    mail.add_command(resume)


@click.command("version")
def version() -> None:
    """Print the version."""
    click.echo(VERSION)


@click.command("backup")
@click.argument("file", type=FILE)
@with_appcontext
def back_up(file: Path) -> None:
    """Write the database and DATA_DIR's files to FILE, without keys; web and workers may run."""
    from eqsr.ops import backup

    try:
        manifest = backup.back_up(file)
    except (UserError, OSError) as error:
        _fail(error)
    rows = sum(table["rows"] for table in manifest.tables.values())
    click.echo(f"{rows} rows and {len(manifest.files)} files, schema {manifest.revision}.")
    click.echo("Keep SECRET_KEY and ENCRYPTION_KEYS apart from it.", err=True)


@click.command("restore")
@click.argument("file", type=FILE)
@with_appcontext
def restore(file: Path) -> None:
    """Restore FILE into an empty installation; then email waits for ``mail resume``."""
    from eqsr.ops import restore as restoring

    try:
        restored = restoring.restore(file)
    except (UserError, OSError) as error:
        _fail(error)
    click.echo(f"{restored.rows} rows and {len(restored.manifest.files)} files.")
    if not restored.same_secret_key:
        click.echo(
            "SECRET_KEY is another than at the backup: links in emails that were sent are dead.",
            err=True,
        )
    if restored.unreadable:
        click.echo(
            f"None of ENCRYPTION_KEYS opens {restored.unreadable} stored secrets: add their key.",
            err=True,
        )
    click.echo("No email is sent before: flask --app app mail resume --help", err=True)


@click.command("resume")
@click.option(
    "--sent-until",
    metavar="TIME",
    help="The old installation sent email until this moment (ISO 8601; UTC if no zone is given): "
    "what was queued or due by then counts as sent.",
)
@click.option("--send-all", is_flag=True, help="Nothing was sent after the backup was made.")
@with_appcontext
def resume(sent_until: str | None, send_all: bool) -> None:
    """Send email again after a restore; give one of the two options."""
    from eqsr.core.clock import now
    from eqsr.mail import restore_pause

    if send_all == bool(sent_until):
        raise click.UsageError("Give either --sent-until TIME or --send-all.")
    until = _moment(sent_until) if sent_until else None
    if until is not None and until > now():
        raise click.UsageError(f"{sent_until} is yet to come.")
    if not restore_pause.resume(until):
        _fail(UserError("No backup was restored that has not been confirmed yet."))
    click.echo("Email is sent again.", err=True)


def _moment(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise click.UsageError(f"{value} is no time such as 2027-03-01T08:30.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _fail(error: UserError | OSError) -> NoReturn:
    # One line, whatever the name of a file is.
    said = error.sentence if isinstance(error, UserError) else str(error)
    click.echo(" ".join(said.split()), err=True)
    sys.exit(1)
