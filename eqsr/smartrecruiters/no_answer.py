"""Why a request got no answer, and whether it may have arrived."""

import requests
import urllib3


def why_unanswered(error: Exception) -> tuple[str, bool]:
    """Return why there is no answer, and whether the request may have reached SmartRecruiters."""
    if isinstance(error, requests.exceptions.SSLError | urllib3.exceptions.SSLError):
        return "tls", False
    if isinstance(error, requests.ConnectTimeout):
        return "timeout", False
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        return "timeout", True
    if isinstance(error, urllib3.exceptions.DecodeError):
        return "encoding", True
    if isinstance(error, urllib3.exceptions.HTTPError):
        return "cut", True
    cause = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(cause, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ProxyError):
        return "no_connection", False
    if isinstance(error, requests.ConnectionError):
        return "cut", True
    return "no_connection", False
