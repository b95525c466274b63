"""When a request is all here, and how long it may take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.arrival import LARGEST_BODY, LARGEST_HEAD, RequestBuffer, RequestState
from serving.patience import BODY_SECONDS, HEAD_SECONDS

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
FORM = b"POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\na=b&c"
CHUNKED = (
    b"POST /login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\na=b\r\nA;x=y\r\n0\r\n\r\n56789\r\n0\r\nT: x\r\n\r\n"
)
NO_TRAILER = CHUNKED.replace(b"T: x\r\n", b"")
WHOLE = [GET, FORM, CHUNKED, NO_TRAILER]


def head(*lines: bytes) -> bytes:
    return b"\r\n".join([b"POST / HTTP/1.1", b"Host: a", *lines, b"", b""])


@given(st.sampled_from(WHOLE), st.lists(st.integers(1, 40), max_size=60))
def test_it_is_complete_with_its_last_byte_and_not_before(request_, cuts):
    arrival, at = RequestBuffer(0.0), 0
    for size in [*cuts, len(request_)]:
        if at >= len(request_):
            break
        piece = request_[at : at + size]
        at += len(piece)
        state = arrival.add(piece, 1.0)
        assert (state is RequestState.COMPLETE) == (at == len(request_)), request_[:at]
    assert bytes(arrival.data) == request_


def test_what_comes_after_it_belongs_to_the_next():
    for request_ in WHOLE:
        assert RequestBuffer(0.0).add(request_ + GET, 1.0) is RequestState.COMPLETE


@pytest.mark.parametrize(
    "lines",
    [
        (b"Content-Length: %d" % (LARGEST_BODY + 1),),
        (b"Content-Length: 5", b"Content-Length: 5"),
        (b"Content-Length: 5", b"Transfer-Encoding: chunked"),
        (b"Content-Length: +5",),
        (b"Content-Length: -5",),
        (b"Content-Length: 5, 5",),
        (b"Content-Length: 99999999999999999999999",),
        (b"Transfer-Encoding: gzip, chunked",),
        (b"Expect: something-else", b"Content-Length: 5"),
    ],
)
def test_what_is_unclear_or_too_large_is_passed_on_without_its_body(lines):
    assert RequestBuffer(0.0).add(head(*lines), 1.0) is RequestState.PASSED_ON


@pytest.mark.parametrize("size", [b"zz", b"-1", b"", b"fffffff"])
def test_a_chunk_that_makes_no_sense_is_passed_on(size):
    body = head(b"Transfer-Encoding: chunked") + size + b"\r\n"
    assert RequestBuffer(0.0).add(body, 1.0) is RequestState.PASSED_ON


def test_chunks_without_end_are_passed_on_at_the_limit():
    arrival = RequestBuffer(0.0)
    arrival.add(head(b"Transfer-Encoding: chunked"), 1.0)
    chunk = b"8000\r\n" + b"a" * 0x8000 + b"\r\n"
    states = [arrival.add(chunk, 1.0) for _ in range(LARGEST_BODY // 0x8000 + 1)]
    assert states[:30] == [RequestState.INCOMPLETE] * 30
    assert states[-1] is RequestState.PASSED_ON


def test_headers_without_end_are_too_large():
    arrival = RequestBuffer(0.0)
    assert (
        arrival.add(b"GET / HTTP/1.1\r\nA: " + b"a" * LARGEST_HEAD, 1.0)
        is RequestState.HEAD_TOO_LARGE
    )


def test_a_larger_body_gets_longer_and_what_comes_meanwhile_gives_a_form_no_more():
    arrival = RequestBuffer(100.0)
    assert arrival.deadline == 100 + HEAD_SECONDS
    arrival.add(head(b"Content-Length: 16"), 101.0)
    deadline = arrival.deadline
    assert BODY_SECONDS + 101 <= deadline < BODY_SECONDS + 102
    arrival.add(b"a", 110.0)
    assert arrival.deadline == deadline
    large = RequestBuffer(100.0)
    large.add(head(b"Content-Length: %d" % LARGEST_BODY), 101.0)
    assert deadline + 60 < large.deadline < deadline + 70


def test_a_sender_who_waits_to_be_told_to_go_on_is_told_once():
    arrival = RequestBuffer(0.0)
    asked = head(b"Expect: 100-continue", b"Content-Length: 5")
    assert arrival.add(asked, 1.0) is RequestState.INCOMPLETE
    assert arrival.expects_continue
    assert b"Expect" not in arrival.data
    assert arrival.add(b"a=b&c", 1.0) is RequestState.COMPLETE
