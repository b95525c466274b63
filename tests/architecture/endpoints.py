"""The application's URL rules with their access."""

from flask import Flask


def rules(app: Flask, access: str | None = None):
    """Return every URL rule with its view's declared access, or only the rules of one access."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.endpoint != "static" and access in (None, getattr(view, "access", None)):
            yield rule, getattr(view, "access", None)
