"""Sessions of ``requests``: connections are kept open, cookies and .netrc are not used."""

import threading
from http.cookiejar import DefaultCookiePolicy

import requests


class _ThreadSession(threading.local):
    """The session of each thread; absent until its first call."""

    session: requests.Session


_of_thread = _ThreadSession()


def new_session() -> requests.Session:
    """Make a session that keeps connections open but stores no cookies."""
    session = requests.Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.headers.update({"Accept": "application/json", "User-Agent": "eqsr"})
    return session


def thread_session() -> requests.Session:
    """Return this thread's session, which all clients may share.

    It holds no data of a customer: each call brings its own token, and no cookies are stored.
    """
    if not hasattr(_of_thread, "session"):
        _of_thread.session = new_session()
    return _of_thread.session


class BearerAuth(requests.auth.AuthBase):
    """Sets the Authorization header; also stops ``requests`` from reading a .netrc file."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request
