"""Pages for people: a small tracking system to click through, the mail sink and the switches."""

from flask import Flask


def install(app: Flask) -> None:
    """Add the pages to the application."""
