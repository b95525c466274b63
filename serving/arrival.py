"""One request while its bytes come in: is it all there, and how long may it take?"""

import re
from enum import Enum

from serving.patience import HEAD_SECONDS, body_seconds

LARGEST_HEAD = 64 * 1024
# Larger bodies are not kept here: the product refuses them unread.
LARGEST_BODY = 1 << 20

# What these addresses are asked before their body is there: does anybody live at them? So a
# request to one that takes longer than this many seconds goes on without its body.
ASKED_EARLY = re.compile(rb"POST [^ ]*/webhooks/")
EARLY_SECONDS = 1.0

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,12})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked[ \t]*\r\n", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)
_BODY = re.compile(rb"\r\n(?:content-length|transfer-encoding|expect):", re.IGNORECASE)


class Verdict(Enum):
    INCOMPLETE = "more has to come"
    COMPLETE = "all is here"
    PASSED_ON = "whoever reads it decides: too large, or unclear"
    HEAD_TOO_LARGE = "headers without an end"


class Arrival:
    """``begun`` is the monotonic time at which waiting for it began."""

    def __init__(self, begun: float) -> None:
        self.begun = begun
        self.data = bytearray()
        self.deadline = begun + HEAD_SECONDS
        self.verdict = Verdict.INCOMPLETE
        self.asked_early = False
        self.expects_continue = False
        self._head = 0  # bytes, with the empty line; 0 while unknown
        self._end: int | None = None  # of the whole request; None while unknown
        self._next_chunk = 0
        self._body_begun = begun

    def add(self, data: bytes, now: float) -> Verdict:
        """Take what came at ``now``; what the request is after it."""
        looked = max(0, len(self.data) - 3)
        self.data += data
        if not self._head:
            found = self.data.find(b"\r\n\r\n", looked)
            if found < 0 or found > LARGEST_HEAD:
                return self._is(
                    Verdict.HEAD_TOO_LARGE if len(self.data) > LARGEST_HEAD else Verdict.INCOMPLETE
                )
            self._read_head(found + 4, now)
        if self.verdict is Verdict.INCOMPLETE:
            self._look_for_the_end()
        return self.verdict

    def _is(self, verdict: Verdict) -> Verdict:
        self.verdict = verdict
        return verdict

    def _read_head(self, length: int, now: float) -> None:
        expects = _EXPECTS.search(self.data, 0, length)
        if expects:
            # We say "go on" here, so that nobody behind us waits and says it.
            del self.data[expects.start() : expects.end()]
            length -= len(expects[0])
            self.expects_continue = True
        self._head = length
        head = bytes(self.data[:length])
        named = len(_BODY.findall(head))
        size, chunked = _LENGTH.search(head), _CHUNKED.search(head)
        if not named:
            self._end = length
        elif named > 1 or not (size or chunked):
            self._is(Verdict.PASSED_ON)
        elif size:
            self._end = length + int(size[1])
            if int(size[1]) > LARGEST_BODY:
                self._is(Verdict.PASSED_ON)
            self.deadline = now + body_seconds(int(size[1]))
        else:
            self._next_chunk = length
            self._body_begun = now
        self.asked_early = bool(ASKED_EARLY.match(head))
        if self.asked_early:
            self.deadline = now + EARLY_SECONDS

    def _look_for_the_end(self) -> None:
        if self._end is None and not self._find_last_chunk():
            if len(self.data) - self._head > LARGEST_BODY:
                self._is(Verdict.PASSED_ON)
            if not self.asked_early:
                self.deadline = self._body_begun + body_seconds(len(self.data) - self._head)
            return
        if self._end is not None and len(self.data) >= self._end:
            self._is(Verdict.COMPLETE)

    def _find_last_chunk(self) -> bool:
        """Walk over the chunks that are whole (RFC 9112, section 7.1); True when the last came."""
        while True:
            line_end = self.data.find(b"\r\n", self._next_chunk)
            if line_end < 0:
                return False
            try:
                size = int(self.data[self._next_chunk : line_end].split(b";")[0], 16)
            except ValueError:
                self._is(Verdict.PASSED_ON)
                return False
            if size == 0:
                trailer_end = self.data.find(b"\r\n\r\n", line_end)
                self._end = trailer_end + 4 if trailer_end >= 0 else None
                return trailer_end >= 0
            if size < 0 or size > LARGEST_BODY:
                self._is(Verdict.PASSED_ON)
                return False
            after = line_end + 2 + size + 2
            if after > len(self.data):
                return False
            self._next_chunk = after
