"""Track one request while its bytes arrive: is it complete, and when is it too late?"""

import re
from enum import Enum

from serving.patience import HEAD_SECONDS, body_seconds

LARGEST_HEAD = 64 * 1024
# Larger bodies are not buffered: the application refuses them unread.
LARGEST_BODY = 1 << 20

# Webhooks check their key before they read the body. So after this many seconds, such a request is
# passed on without its body, and an unknown key is refused early.
CHECKED_EARLY = re.compile(rb"POST [^ ]*/webhooks/")
EARLY_SECONDS = 1.0

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,12})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked[ \t]*\r\n", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)
_BODY = re.compile(rb"\r\n(?:content-length|transfer-encoding|expect):", re.IGNORECASE)


class RequestState(Enum):
    """What is known about a request so far."""

    INCOMPLETE = "more bytes are needed"
    COMPLETE = "the whole request is here"
    PASSED_ON = "too large or unclear: left to the HTTP parser and the application"
    HEAD_TOO_LARGE = "the headers exceed LARGEST_HEAD"


class RequestBuffer:
    """A request that is arriving.

    ``begun``: when waiting for it began. ``data``: the bytes so far. ``deadline``: when it is too
    late. Times are in monotonic seconds. ``checked_early``: see CHECKED_EARLY.
    ``expects_continue``: the sender waits for "100 Continue".
    """

    def __init__(self, begun: float) -> None:
        self.begun = begun
        self.data = bytearray()
        self.deadline = begun + HEAD_SECONDS
        self.state = RequestState.INCOMPLETE
        self.checked_early = False
        self.expects_continue = False
        self._head = 0  # length in bytes with the empty line; 0 while unknown
        self._end: int | None = None  # length of the whole request; None while unknown
        self._next_chunk = 0
        self._body_begun = begun

    def add(self, data: bytes, now: float) -> RequestState:
        """Append bytes that arrived at ``now`` (monotonic seconds) and judge the request again."""
        searched = max(0, len(self.data) - 3)
        self.data += data
        if not self._head:
            found = self.data.find(b"\r\n\r\n", searched)
            if found < 0 or found > LARGEST_HEAD:
                return self._is(
                    RequestState.HEAD_TOO_LARGE
                    if len(self.data) > LARGEST_HEAD
                    else RequestState.INCOMPLETE
                )
            self._read_head(found + 4, now)
        if self.state is RequestState.INCOMPLETE:
            self._look_for_the_end()
        return self.state

    def _is(self, state: RequestState) -> RequestState:
        self.state = state
        return state

    def _read_head(self, length: int, now: float) -> None:
        expects = _EXPECTS.search(self.data, 0, length)
        if expects:
            # We answer "100 Continue" ourselves, so the server behind us must not.
            del self.data[expects.start() : expects.end()]
            length -= len(expects[0])
            self.expects_continue = True
        self._head = length
        head = bytes(self.data[:length])
        body_headers = len(_BODY.findall(head))
        size, chunked = _LENGTH.search(head), _CHUNKED.search(head)
        if not body_headers:
            self._end = length
        elif body_headers > 1 or not (size or chunked):
            self._is(RequestState.PASSED_ON)
        elif size:
            self._end = length + int(size[1])
            if int(size[1]) > LARGEST_BODY:
                self._is(RequestState.PASSED_ON)
            self.deadline = now + body_seconds(int(size[1]))
        else:
            self._next_chunk = length
            self._body_begun = now
        self.checked_early = bool(CHECKED_EARLY.match(head))
        if self.checked_early:
            self.deadline = now + EARLY_SECONDS

    def _look_for_the_end(self) -> None:
        if self._end is None and not self._find_last_chunk():
            if len(self.data) - self._head > LARGEST_BODY:
                self._is(RequestState.PASSED_ON)
            if not self.checked_early:
                self.deadline = self._body_begun + body_seconds(len(self.data) - self._head)
            return
        if self._end is not None and len(self.data) >= self._end:
            self._is(RequestState.COMPLETE)

    def _find_last_chunk(self) -> bool:
        """Skip the complete chunks (RFC 9112, section 7.1); True if the last one is here."""
        while True:
            line_end = self.data.find(b"\r\n", self._next_chunk)
            if line_end < 0:
                return False
            try:
                size = int(self.data[self._next_chunk : line_end].split(b";")[0], 16)
            except ValueError:
                self._is(RequestState.PASSED_ON)
                return False
            if size == 0:
                trailer_end = self.data.find(b"\r\n\r\n", line_end)
                self._end = trailer_end + 4 if trailer_end >= 0 else None
                return trailer_end >= 0
            if size < 0 or size > LARGEST_BODY:
                self._is(RequestState.PASSED_ON)
                return False
            after = line_end + 2 + size + 2
            if after > len(self.data):
                return False
            self._next_chunk = after
