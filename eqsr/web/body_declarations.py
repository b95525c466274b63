"""What kinds of body a view takes besides a form: it declares JSON or a file."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

View = TypeVar("View", bound=Callable[..., Any])


class BodyDeclared(Protocol):
    """The attributes that the decorators set on a view."""

    takes_json: bool
    takes_file: bool


def takes_json(view: View) -> View:
    """Declare that the view takes JSON instead of a form."""
    cast(BodyDeclared, view).takes_json = True
    return view


def takes_file(view: View) -> View:
    """Declare that the view takes a form with a file."""
    cast(BodyDeclared, view).takes_file = True
    return view
