"""A gunicorn worker whose threads only get requests that have arrived.

gunicorn's own gthread worker gives a thread to a connection while its headers and body come in, so
a few dozen slow senders stop it (gunicorn 27, workers/gthread.py). Here the main loop gathers the
bytes, as a buffering proxy does, and cuts off what takes too long (serving.patience).
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

from gunicorn.workers.gthread import TConn, ThreadWorker

from serving.arrival import LARGEST_BODY, Arrival, Verdict

# Seconds between two looks for what has waited too long.
LOOK_EVERY = 0.25
# Bytes of unfinished requests that one process keeps; the largest go first.
MOST_BYTES = 64 << 20
# When all connections are taken, those unfinished for this many seconds make room.
CROWDED_SECONDS = 2.0
# A closed connection's last bytes are waited for (RFC 9112, section 9.6), for so many at once.
LINGER_SECONDS, MOST_LINGERING = 2.0, 100
# Seconds that a thread may wait for one read or write of a connection.
STALLED_SECONDS = 30
_TIMEVAL = struct.pack("ll", STALLED_SECONDS, 0)

READ = selectors.EVENT_READ
PASSING = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED)
REFUSALS = {
    408: "Request Timeout",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}


class Connection(TConn):
    """A connection that does not keep the main loop waiting while it closes."""

    def __init__(self, worker: "BufferingWorker", sock: socket.socket, address, name) -> None:
        super().__init__(worker.cfg, sock, address, name)
        self._worker = worker
        self.whole = False  # the request was all here before a thread got it
        self.watched = False
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _TIMEVAL)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _TIMEVAL)

    def close(self, graceful: bool = False) -> None:
        if graceful:
            self._worker.linger(self.sock)
        else:
            super().close()


class BufferingWorker(ThreadWorker):
    """TLS and HTTP/2, which gunicorn does itself, are left to gthread's way."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._arriving: dict[Connection, Arrival] = {}
        self._bytes = 0
        self._lingering: deque[tuple[float, socket.socket]] = deque()
        self._next_look = 0.0
        self._cut_off = 0
        self._buffers = not self.cfg.is_ssl and self.cfg.http2_cleartext == "off"

    def accept(self, listener: socket.socket) -> None:
        try:
            sock, address = listener.accept()
        except OSError as error:
            if error.errno not in PASSING:
                raise
            return
        try:
            conn = Connection(self, sock, address, listener.getsockname())
        except OSError:  # it is gone already
            sock.close()
            return
        self.nr_conns += 1
        self.enqueue_req(conn)

    def enqueue_req(self, conn: Connection) -> None:
        """Called for each new connection, and when another request comes on an old one."""
        if not self._buffers:
            super().enqueue_req(conn)
            return
        conn.init()
        conn.sock.setblocking(False)
        arrival = self._arriving[conn] = Arrival(time.monotonic())
        read_ahead = conn.parser.unreader.take_buffered()
        if read_ahead:
            self._take(conn, arrival, read_ahead)
        if conn in self._arriving:
            self._receive(conn)
        if conn in self._arriving:
            self.poller.register(conn.sock, READ, partial(self._receive, conn))
            conn.watched = True

    def _receive(self, conn: Connection, _sock: socket.socket | None = None) -> None:
        arrival = self._arriving.get(conn)
        if arrival is None:
            return  # it made room for another one a moment ago
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
            self._hand_over(conn)  # the parser says what is wrong with half a request
        else:
            self._drop(conn)

    def _take(self, conn: Connection, arrival: Arrival, data: bytes) -> None:
        before = len(arrival.data)
        verdict = arrival.add(data, time.monotonic())
        self._bytes += len(arrival.data) - before
        if verdict is Verdict.HEAD_TOO_LARGE:
            self._refuse(conn, 431)
        elif verdict is not Verdict.INCOMPLETE:
            self._hand_over(conn)
        elif self._bytes > MOST_BYTES:
            self._refuse(max(self._arriving, key=lambda one: len(self._arriving[one].data)), 503)
        elif arrival.expects_continue:
            arrival.expects_continue = False
            with suppress(OSError):
                conn.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _forget(self, conn: Connection) -> Arrival:
        arrival = self._arriving.pop(conn)
        self._bytes -= len(arrival.data)
        if conn.watched:
            self.poller.unregister(conn.sock)
            conn.watched = False
        return arrival

    def _hand_over(self, conn: Connection) -> None:
        arrival = self._forget(conn)
        conn.parser.unreader.unread(bytes(arrival.data))
        conn.whole = arrival.verdict is Verdict.COMPLETE
        conn.data_ready = True
        super().enqueue_req(conn)

    def _drop(self, conn: Connection) -> None:
        self._forget(conn)
        self.nr_conns -= 1
        conn.close()

    def _refuse(self, conn: Connection, status: int) -> None:
        reason = REFUSALS[status]
        head = f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: text/plain\r\n"
        answer = f"{head}Content-Length: {len(reason) + 1}\r\n\r\n{reason}\n"
        self._cut_off += 1
        self._forget(conn)
        self.nr_conns -= 1
        try:
            conn.sock.send(answer.encode("ascii"))
        except OSError:
            conn.close()
            return
        conn.close(graceful=True)

    def murder_pending(self) -> None:
        """Called by the main loop after each round: end what has waited too long."""
        super().murder_pending()
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + LOOK_EVERY
        crowded = self.nr_conns >= self.worker_connections
        for conn, arrival in list(self._arriving.items()):
            if now >= arrival.deadline:
                self._is_late(conn, arrival)
            elif not arrival.data and not self.alive:
                self._drop(conn)
            elif crowded and now - arrival.begun > CROWDED_SECONDS:
                self._refuse(conn, 503)
        while self._lingering and self._lingering[0][0] <= now:
            self._end(self._lingering[0][1])
        if self._cut_off:
            self.log.warning("%d requests were cut off: too slow, or too large", self._cut_off)
            self._cut_off = 0

    def _is_late(self, conn: Connection, arrival: Arrival) -> None:
        if arrival.asked_early:
            self._hand_over(conn)
        elif arrival.data:
            self._refuse(conn, 408)
        else:
            self._drop(conn)

    def handle_request(self, req, conn: Connection) -> bool:
        if conn.whole:
            req.body = io.BytesIO(req.body.read())  # it is all here: nobody waits for it
        return super().handle_request(req, conn)

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> bool:
        # What was not read is not waited for either.
        whole = conn.whole or not self._buffers
        return whole and super()._keepalive_after(conn, keepalive)

    def linger(self, sock: socket.socket) -> None:
        """Close ``sock`` once its other end has, or after a moment: closing at once would throw
        away an answer that has not been read yet."""
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
