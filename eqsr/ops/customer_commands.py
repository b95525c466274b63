"""Commands that create organisations, users and onboarding links."""

import secrets
import sys
from zoneinfo import ZoneInfo

import click
from flask.cli import AppGroup

from eqsr.core.formats import deadline
from eqsr.ops.command_errors import organisation_of_slug, reporting_errors

organisation = AppGroup("organisation", help="Customers, and the platform itself.")
user = AppGroup("user", help="People who log in.")
onboarding = AppGroup("onboarding", help="Links by which customers connect SmartRecruiters.")

ROLE_NAMES = ("admin", "reviewer", "staff")


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

    where = organisation_of_slug(slug)
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

    organisation = organisation_of_slug(slug)
    link, url = service.issue_link(organisation.id, email)
    click.echo(url)
    until = deadline(link.expires_at, ZoneInfo(organisation.time_zone))
    click.echo(f"It works until {until}, and replaces earlier links.", err=True)
