"""The sandbox's SMTP server: accepts every mail, shows it, and delivers none."""

import asyncio
import socket
import struct
import threading
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from .faults import Fault

_AT_CONNECT = ("smtp_refuse", "smtp_hang")
_AT_RECIPIENT = ("smtp_4xx", "smtp_5xx", "smtp_quota")
_AT_DATA = ("smtp_drop_before_250", "smtp_drop_after_250", "smtp_lose")


class _Handler:
    """Accepts or refuses each recipient and stores each message."""

    def __init__(self, world: Any) -> None:
        self._world = world

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        fault = self._world.faults.pick(_AT_RECIPIENT, address=address)
        if fault and fault.kind == "smtp_4xx":
            return "451 4.3.0 Try again later (a fault of the sandbox)"
        if fault and fault.kind == "smtp_quota":
            return "550 5.4.5 Daily sending quota exceeded (a fault of the sandbox)"
        if fault:
            return "550 5.1.1 No such mailbox (a fault of the sandbox)"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: "_Server", session: Session, envelope: Envelope) -> str:
        recipients = list(envelope.rcpt_tos)
        fault = self._world.faults.pick(_AT_DATA, address=recipients[0])
        kind = fault.kind if fault else ""
        number = 0
        if kind != "smtp_lose":
            raw = envelope.content if isinstance(envelope.content, bytes) else b""
            number = self._world.mailbox.accept(envelope.mail_from or "", recipients, raw).id
        server.cut = {"smtp_drop_before_250": "before", "smtp_drop_after_250": "after"}.get(
            kind, ""
        )
        return f"250 OK queued as {number}"


class _Server(SMTP):
    """One connection; ``cut`` closes it just before or just after the next reply."""

    def __init__(self, world: Any, **options: Any) -> None:
        super().__init__(_Handler(world), **options)
        self._world = world
        self._silent = False
        self.cut = ""

    def connection_made(self, transport: Any) -> None:
        fault: Fault | None = self._world.faults.pick(_AT_CONNECT)
        if fault is None:
            super().connection_made(transport)
            return
        self._silent = True
        if fault.kind == "smtp_hang":
            self.loop.call_later(fault.delay_seconds, transport.abort)
            return
        raw = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()  # with linger 0 the client sees a reset, as with a closed port

    def data_received(self, data: bytes) -> None:
        if not self._silent:
            super().data_received(data)

    def eof_received(self) -> bool | None:
        return False if self._silent else super().eof_received()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._silent:
            super().connection_lost(error)

    async def push(self, status: Any) -> None:
        if self.cut == "before":
            self.transport.abort()
            return
        await super().push(status)
        if self.cut == "after":
            self.transport.close()


class MailSink:
    """Runs the SMTP server in its own thread."""

    def __init__(self, world: Any, host: str, port: int) -> None:
        self._world, self._host, self._wanted_port = world, host, port
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._error: OSError | None = None
        self.port = port

    def start(self) -> int:
        """Listen and return the port; raise OSError if it is in use."""
        threading.Thread(target=self._serve, name="smtp", daemon=True).start()
        self._ready.wait()
        if self._error:
            raise self._error
        return self.port

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            server = self._loop.run_until_complete(
                self._loop.create_server(self._connection, self._host, self._wanted_port)
            )
            self.port = server.sockets[0].getsockname()[1]
        except OSError as error:
            self._error = error
            return
        finally:
            self._ready.set()
        self._loop.run_forever()

    def _connection(self) -> _Server:
        return _Server(
            self._world,
            loop=self._loop,
            hostname="sandbox.localhost",
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=lambda *_: AuthResult(success=True),
        )
