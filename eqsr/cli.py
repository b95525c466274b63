"""Commands: ``flask --app app …``. Results go to stdout, messages to stderr."""

from flask import Flask


def register_commands(app: Flask) -> None:
    """Add the commands of every room."""
