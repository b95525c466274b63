"""A gunicorn worker whose threads only get requests that have arrived completely.

gunicorn's gthread worker gives each connection a thread while its headers and body arrive, so a few
dozen slow senders block it (gunicorn 27, workers/gthread.py). Here the main loop collects the
bytes, as a buffering proxy does, and ends requests that take too long (serving.patience).
"""

import errno
import io
import selectors
import socket
import struct
import time
from collections import deque
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from serving.arrival import LARGEST_BODY, RequestBuffer, RequestState

# Seconds between two checks for requests that take too long.
CHECK_INTERVAL = 0.25
# Most bytes of unfinished requests in one process; beyond that, the largest request is refused.
MAX_BUFFERED_BYTES = 64 << 20
# When all connections are in use, requests that are older than this many seconds are refused.
CROWDED_SECONDS = 2.0
# Seconds to wait for the peer to close a connection (RFC 9112, section 9.6), and for how many
# connections at once.
LINGER_SECONDS, MOST_LINGERING = 2.0, 100
# Seconds that a thread may wait for a single read or write.
STALLED_SECONDS = 30
_TIMEVAL = struct.pack("ll", STALLED_SECONDS, 0)

READ = selectors.EVENT_READ
# Errors of accept() that say nothing about the listener.
TEMPORARY = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED)
REFUSALS = {
    408: "Request Timeout",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}


class ClientConnection(TConn):
    """A client connection that closes without blocking the main loop."""

    def __init__(
        self, worker: "BufferingWorker", sock: socket.socket, address: object, name: object
    ) -> None:
        super().__init__(worker.cfg, sock, address, name)
        self._worker = worker
        self.whole = False  # the request had arrived completely before a thread got it
        self.watched = False  # the main loop's poller watches its socket
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _TIMEVAL)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _TIMEVAL)

    def close(self, graceful: bool = False) -> None:
        """Close at once, or with ``graceful`` when the peer has read the answer."""
        if graceful:
            self._worker.linger(self.sock)
        else:
            super().close()


class BufferingWorker(ThreadWorker):
    """A gthread worker that buffers requests.

    With TLS or HTTP/2 in gunicorn itself it buffers nothing and works as gthread does.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._arriving: dict[ClientConnection, RequestBuffer] = {}
        self._bytes = 0
        self._lingering: deque[tuple[float, socket.socket]] = deque()
        self._next_check = 0.0
        self._refused = 0  # since the last warning
        self._buffers = not self.cfg.is_ssl and self.cfg.http2_cleartext == "off"

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection and start to receive its first request."""
        try:
            sock, address = listener.accept()
        except OSError as error:
            if error.errno not in TEMPORARY:
                raise
            return
        try:
            conn = ClientConnection(self, sock, address, listener.getsockname())
        except OSError:  # it is gone already
            sock.close()
            return
        self.nr_conns += 1
        self.enqueue_req(conn)

    def enqueue_req(self, conn: ClientConnection) -> None:
        """Receive a request; called for new connections and for each further request on one."""
        if not self._buffers:
            super().enqueue_req(conn)
            return
        conn.init()
        conn.sock.setblocking(False)
        arrival = self._arriving[conn] = RequestBuffer(time.monotonic())
        read_ahead = conn.parser.unreader.take_buffered()
        if read_ahead:
            self._take(conn, arrival, read_ahead)
        if conn in self._arriving:
            self._receive(conn)
        if conn in self._arriving:
            self.poller.register(conn.sock, READ, partial(self._receive, conn))
            conn.watched = True

    def _receive(self, conn: ClientConnection, _sock: socket.socket | None = None) -> None:
        arrival = self._arriving.get(conn)
        if arrival is None:
            return  # it was refused a moment ago to make room
        try:
            data = conn.sock.recv(65536)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._drop(conn)
            return
        if data:
            self._take(conn, arrival, data)
        elif arrival.data:
            self._hand_over(conn)  # the HTTP parser reports what is wrong with half a request
        else:
            self._drop(conn)

    def _take(self, conn: ClientConnection, arrival: RequestBuffer, data: bytes) -> None:
        before = len(arrival.data)
        state = arrival.add(data, time.monotonic())
        self._bytes += len(arrival.data) - before
        if state is RequestState.HEAD_TOO_LARGE:
            self._refuse(conn, 431)
        elif state is not RequestState.INCOMPLETE:
            self._hand_over(conn)
        elif self._bytes > MAX_BUFFERED_BYTES:
            self._refuse(max(self._arriving, key=lambda one: len(self._arriving[one].data)), 503)
        elif arrival.expects_continue:
            arrival.expects_continue = False
            with suppress(OSError):
                conn.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _forget(self, conn: ClientConnection) -> RequestBuffer:
        arrival = self._arriving.pop(conn)
        self._bytes -= len(arrival.data)
        if conn.watched:
            self.poller.unregister(conn.sock)
            conn.watched = False
        return arrival

    def _hand_over(self, conn: ClientConnection) -> None:
        arrival = self._forget(conn)
        conn.parser.unreader.unread(bytes(arrival.data))
        conn.whole = arrival.state is RequestState.COMPLETE
        conn.data_ready = True
        super().enqueue_req(conn)

    def _drop(self, conn: ClientConnection) -> None:
        self._forget(conn)
        self.nr_conns -= 1
        conn.close()

    def _refuse(self, conn: ClientConnection, status: int) -> None:
        reason = REFUSALS[status]
        head = f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: text/plain\r\n"
        answer = f"{head}Content-Length: {len(reason) + 1}\r\n\r\n{reason}\n"
        self._refused += 1
        self._forget(conn)
        self.nr_conns -= 1
        try:
            conn.sock.send(answer.encode("ascii"))
        except OSError:
            conn.close()
            return
        conn.close(graceful=True)

    def murder_pending(self) -> None:
        """End requests that take too long; the main loop calls this after each round."""
        super().murder_pending()
        now = time.monotonic()
        if now < self._next_check:
            return
        self._next_check = now + CHECK_INTERVAL
        crowded = self.nr_conns >= self.worker_connections
        for conn, arrival in list(self._arriving.items()):
            if now >= arrival.deadline:
                self._end_late(conn, arrival)
            elif not arrival.data and not self.alive:
                self._drop(conn)
            elif crowded and now - arrival.begun > CROWDED_SECONDS:
                self._refuse(conn, 503)
        while self._lingering and self._lingering[0][0] <= now:
            self._end(self._lingering[0][1])
        if self._refused:
            self.log.warning("%d requests were cut off: too slow, or too large", self._refused)
            self._refused = 0

    def _end_late(self, conn: ClientConnection, arrival: RequestBuffer) -> None:
        if arrival.checked_early:
            self._hand_over(conn)
        elif arrival.data:
            self._refuse(conn, 408)
        else:
            self._drop(conn)

    def handle_request(self, req: Any, conn: ClientConnection) -> bool:
        """Run the application in a thread; called by gthread. True to keep the connection."""
        if conn.whole:
            req.body = io.BytesIO(req.body.read())  # does not block: all of it has arrived
        return bool(super().handle_request(req, conn))

    def _keepalive_after(self, conn: ClientConnection, keepalive: bool) -> bool:
        # An incomplete request may have an unread rest, so its connection can't be used again.
        whole = conn.whole or not self._buffers
        return whole and bool(super()._keepalive_after(conn, keepalive))

    def linger(self, sock: socket.socket) -> None:
        """Close ``sock`` when the peer has closed it, or after LINGER_SECONDS.

        Closing at once would discard an answer that the peer has not read yet.
        """
        try:
            sock.shutdown(socket.SHUT_WR)
            sock.setblocking(False)
            self.poller.register(sock, READ, self._drain)
        except (OSError, ValueError, KeyError):
            sock.close()
            return
        self._lingering.append((time.monotonic() + LINGER_SECONDS, sock))
        if len(self._lingering) > MOST_LINGERING:
            self._end(self._lingering[0][1])

    def _drain(self, sock: socket.socket) -> None:
        try:
            if sock.recv(LARGEST_BODY):
                return
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            pass
        self._end(sock)

    def _end(self, sock: socket.socket) -> None:
        self._lingering = deque(one for one in self._lingering if one[1] is not sock)
        with suppress(OSError, ValueError, KeyError):
            self.poller.unregister(sock)
        sock.close()
