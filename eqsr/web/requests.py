"""Helpers that read the current request."""

from flask import request


def is_htmx() -> bool:
    """True if htmx made the request, for a part of a page."""
    return "HX-Request" in request.headers


def client_address() -> str:
    """The client's IP address, for audit entries; empty if the server does not know it."""
    return request.remote_addr or ""
