"""Commands that check the installation and its instruments, and renew keys."""

import sys

import click
from flask.cli import AppGroup, with_appcontext

instruments = AppGroup("instruments", help="Questionnaires and games.")

keys = AppGroup("keys", help="The keys that encrypt customers' secrets.")


@instruments.command("check")
def check_instruments() -> None:
    """Check whether each instrument's folder is complete; exit code 1 if one is not."""
    from eqsr.instruments import catalogue

    incomplete = 0
    for folder, problems in sorted(catalogue.check_all().items()):
        click.echo(f"{folder}: {'; '.join(problems) or 'complete'}")
        incomplete += bool(problems)
    sys.exit(1 if incomplete else 0)


@keys.command("renew")
def renew_keys() -> None:
    """Encrypt every stored secret with the first of ENCRYPTION_KEYS; then the others can go.

    What candidates said of themselves is hashed with SECRET_KEY anew. Prints how many secrets were
    changed; exit code 1 if none of the keys decrypts one of them.
    """
    from eqsr.extras.fairness import rehashing
    from eqsr.ops import rekeying

    rehashing.rehash()
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
    from eqsr.ops.readiness import migrated

    ill = 0
    for finding in examine(migrated):
        click.echo(str(finding))
        ill += not finding.well
    sys.exit(1 if ill else 0)
