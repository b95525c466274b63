"""Generates load on one address of this machine, over raw sockets to keep the overhead low.

Compare ratios: the compared servers get the same load in the same run.
"""

import multiprocessing
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

Maker = Callable[[int], bytes]
"""Returns the n-th request, ready to send."""


@dataclass(frozen=True)
class Load:
    """Results of a load: requests, seconds, answers other than ``wanted``, and latencies."""

    requests: int
    seconds: float
    failures: int
    p50_ms: float
    p99_ms: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def request(host: str, port: int, path: str, headers: dict[str, str], body: bytes) -> bytes:
    """Return an HTTP/1.1 POST as bytes."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}:{port}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def run(
    port: int,
    requests: list[bytes],
    *,
    connections: int = 16,
    per_second: float | None = None,
    wanted: int = 202,
) -> Load:
    """Send all ``requests`` over ``connections`` sockets, at full speed or paced.

    Runs in its own process: the measured server must not share our interpreter's lock.
    """
    receive, send = multiprocessing.get_context("fork").Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(
        target=_run, args=(send, port, requests, connections, per_second, wanted)
    )
    process.start()
    load = receive.recv()
    process.join()
    return load


def _run(send, port, requests, connections, per_second, wanted) -> None:
    times: list[float] = []
    failures: list[int] = []
    started = time.monotonic()

    def worker(number: int) -> None:
        sock = socket.create_connection(("127.0.0.1", port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for place in range(number, len(requests), connections):
            if per_second:
                wait = started + place / per_second - time.monotonic()
                if wait > 0:
                    time.sleep(wait)
            begun = time.monotonic()
            sock, status = _exchange(sock, port, requests[place])
            times.append(time.monotonic() - begun)
            if status != wanted:
                failures.append(status)
        sock.close()

    threads = [threading.Thread(target=worker, args=(n,)) for n in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - started
    times.sort()
    send.send(
        Load(
            len(requests),
            seconds,
            len(failures),
            1000 * times[len(times) // 2],
            1000 * times[min(len(times) - 1, int(len(times) * 0.99))],
        )
    )


def _exchange(sock: socket.socket, port: int, raw: bytes) -> tuple[socket.socket, int]:
    sock.sendall(raw)
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = sock.recv(65536)
        if not chunk:
            return socket.create_connection(("127.0.0.1", port)), 0
        data += chunk
    head, _, rest = data.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((int(x.split(b":")[1]) for x in lines if x.startswith(b"content-length:")), 0)
    while len(rest) < length:
        rest += sock.recv(65536)
    status = int(lines[0].split()[1])
    if b"connection: close" in lines:
        sock.close()
        sock = socket.create_connection(("127.0.0.1", port))
    return sock, status
