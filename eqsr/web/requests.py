"""What views ask of the request in hand."""

from flask import request


def is_htmx() -> bool:
    """True when htmx asks for a part of a page."""
    return "HX-Request" in request.headers


def client_address() -> str:
    """The client's IP address, for audit entries; '' when the server does not know it."""
    return request.remote_addr or ""
