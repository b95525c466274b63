"""Names of our cookies, and how one is set."""

from datetime import timedelta

from flask import Response

from eqsr.core.extensions import settings
from eqsr.core.settings import Settings


def cookie_name(name: str, by: Settings | None = None) -> str:
    """The cookie's name. By https it begins with ``__Host-``: no other host, and nothing between
    browser and server, can set such a cookie (RFC 6265bis, 4.1.3.2)."""
    return f"__Host-{name}" if (by or settings).serves_https else name


def set_cookie(response: Response, name: str, value: str, lifetime: timedelta) -> None:
    """Set a cookie that scripts can't read and other sites' forms don't send."""
    response.set_cookie(
        cookie_name(name),
        value,
        max_age=lifetime,
        secure=settings.serves_https,
        httponly=True,
        samesite="Lax",
    )
