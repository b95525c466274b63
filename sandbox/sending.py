"""One HTTP call to a subscriber: a delivery or the activation handshake."""

import secrets
import threading
import time
from dataclasses import dataclass, field

import requests

from .signature import sign, signature_header
from .state import Subscription

_local = threading.local()


@dataclass
class Answer:
    """The subscriber's answer; ``status`` is None if there was none."""

    accepted: bool
    status: int | None
    seconds: float
    error: str | None = None
    sent_headers: dict[str, str] = field(default_factory=dict)


def send(
    subscription: Subscription,
    *,
    event_id: str,
    event_name: str,
    event_version: str,
    link: str,
    body: bytes,
    now: float,
    timestamp: int | float,
    signing: str,
    timeout: float,
) -> Answer:
    """Post one callback with the documented headers and exactly the bytes of ``body``.

    ``signing`` is ``right``, ``never_sign`` or ``wrong_signature``. The callback is accepted if a
    202 arrives in time.
    """
    headers = {
        "content-type": "application/json",
        "event-name": event_name,
        "event-version": event_version,
        "event-id": event_id,
    }
    if link:
        headers["Link"] = link
    keys = subscription.live_keys(now)
    if keys and signing != "never_sign":
        digests = [
            sign(
                key.value if signing == "right" else "not-" + key.value,
                str(timestamp),
                body,
                event_id,
                event_name,
                event_version,
                link,
            )
            for key in keys
        ]
        headers["smartrecruiters-timestamp"] = str(timestamp)
        headers["smartrecruiters-signature"] = signature_header(digests)
    started = time.monotonic()
    try:
        headers |= _authentication(subscription, timeout)
        response = _session().post(
            subscription.callback_url,
            data=body,
            headers=headers,
            timeout=timeout,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        taken = time.monotonic() - started
        return Answer(False, None, taken, type(error).__name__, headers)
    taken = time.monotonic() - started
    in_time = taken <= timeout
    error = None if in_time else "answered too late"
    return Answer(
        response.status_code == 202 and in_time, response.status_code, taken, error, headers
    )


def handshake(callback_url: str, timeout: float) -> bool:
    """Send a random ``X-Hook-Secret``; return whether a 200 echoes it in time.

    The documentation specifies neither body nor content type of this call, so it has none.
    """
    secret = secrets.token_hex(24)
    started = time.monotonic()
    try:
        response = _session().post(
            callback_url,
            headers={"X-Hook-Secret": secret},
            timeout=timeout,
            allow_redirects=False,
        )
    except requests.RequestException:
        return False
    in_time = time.monotonic() - started <= timeout
    return (
        in_time and response.status_code == 200 and response.headers.get("X-Hook-Secret") == secret
    )


def _authentication(subscription: Subscription, timeout: float) -> dict[str, str]:
    wish = subscription.authentication or {}
    kind = wish.get("type")
    if kind == "header":
        return {wish["headerName"]: wish["headerValue"]}
    if kind == "basic":
        prepared = requests.Request(
            "POST", subscription.callback_url, auth=(wish["username"], wish["password"])
        ).prepare()
        return {"authorization": prepared.headers["Authorization"]}
    if kind == "oauth2":
        form = {
            "client_id": wish["clientId"],
            "client_secret": wish["clientSecret"],
            "grant_type": "client_credentials",
        }
        answer = _session().post(wish["tokenServiceUrl"], data=form, timeout=timeout)
        answer.raise_for_status()
        return {"authorization": f"Bearer {answer.json().get('access_token', '')}"}
    return {}


def _session() -> requests.Session:
    if not hasattr(_local, "session"):
        _local.session = requests.Session()
        _local.session.trust_env = False  # no proxy between two local processes
    return _local.session
