"""What commands share: errors as one sentence, and the organisation of a slug."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from eqsr.accounts.models import Organisation
from eqsr.core.messages import UserError

P = ParamSpec("P")
Result = TypeVar("Result")


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


def organisation_of_slug(slug: str) -> Organisation:
    """Return the organisation. Raises UserError if there is none with this slug."""
    from eqsr.accounts import organisations
    from eqsr.core.messages import NotFoundError

    try:
        return organisations.organisation_by_slug(slug)
    except NotFoundError:
        raise UserError(f"There is no organisation with the slug {slug}.") from None
