"""A recording application behind a proxy, a client that speaks TLS, and a proxy that runs."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = "assess.example.org"
# Sent piece by piece; the rest comes when the test says so.
FIRST, REST = b"data: first\n\n", b"data: rest\n\n"


@dataclass
class Upstream:
    """Answers everything with 200 and remembers (method, path, headers, body)."""

    port: int = 0
    seen: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    connected: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)


@contextmanager
def upstream() -> Iterator[Upstream]:
    """Run the recording application for the length of a block."""
    made = Upstream()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            made.connected.set()
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            made.seen.append((self.command, self.path, dict(self.headers), body))
            self.send_response(200)
            if self.path == "/events":
                self._stream()
                return
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        do_POST = do_GET

        def _stream(self) -> None:
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("X-Accel-Buffering", "no")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(FIRST)
            self.wfile.flush()
            made.go_on.wait(30)
            self.wfile.write(REST)
            self.close_connection = True

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        made.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield made
        finally:
            made.go_on.set()
            server.shutdown()


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for NAME that signs itself; return its file and its key's."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "assess.pem", folder / "assess.key"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return pem, secret


class Visitor:
    """Speaks to the proxy over TLS, as NAME, from an address of this machine."""

    def __init__(self, port: int, trusted: Path, address: str = "127.0.0.1") -> None:
        self._port, self._address = port, address
        self._context = ssl.create_default_context(cafile=str(trusted))

    def connect(self, name: str = NAME) -> ssl.SSLSocket:
        """Open a connection. Raises ssl.SSLError if the proxy refuses the name."""
        plain = socket.create_connection(
            ("127.0.0.1", self._port), timeout=30, source_address=(self._address, 0)
        )
        return self._context.wrap_socket(plain, server_hostname=name)

    def ask(self, path: str, *headers: str, method: str = "GET", body: bytes = b"") -> int:
        """Send a request and return the answer's status."""
        with self.connect() as connection:
            connection.sendall(head(path, *headers, method=method, length=len(body)) + body)
            return status(connection)


def head(path: str, *headers: str, method: str = "GET", length: int = 0) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {NAME}", "Connection: close", *headers]
    if length:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def status(connection: ssl.SSLSocket) -> int:
    """Read the answer to its end and return its status; 0 if there is none."""
    answer = b""
    while piece := connection.recv(65536):
        answer += piece
    return int(answer.split()[1]) if answer else 0
