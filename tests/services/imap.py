"""A real IMAP server (pymap, in memory) in its own process."""

import imaplib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.processes import eventually, running
from tools.ports import kept_port

USER, PASSWORD = "bounces", "a password with a / in it"


class ImapServer:
    """``url`` is for BOUNCES_URL; the methods read the folder as its owner would."""

    def __init__(self, port: int, folder: str) -> None:
        self.port, self.folder = port, folder
        self.url = (
            f"imap://{USER}:a%20password%20with%20a%20%2F%20in%20it@127.0.0.1:{port}/{folder}"
        )

    def receives(self, message: bytes) -> None:
        with self._logged_in() as server:
            assert server.append(f'"{self.folder}"', None, None, message)[0] == "OK"

    def holds(self) -> list[bytes]:
        """Return the messages unchanged; reading sets no flags."""
        with self._logged_in() as server:
            server.select(f'"{self.folder}"', readonly=True)
            found = server.uid("FETCH", "1:*", "(BODY.PEEK[])")[1]
            return [part[1] for part in found if isinstance(part, tuple)]

    def unread(self) -> int:
        with self._logged_in() as server:
            server.select(f'"{self.folder}"', readonly=True)
            return len(server.uid("SEARCH", "UNSEEN")[1][0].split())

    def create(self) -> None:
        with self._logged_in() as server:
            server.create(f'"{self.folder}"')

    def greets(self) -> bool:
        try:
            imaplib.IMAP4("127.0.0.1", self.port, timeout=5).logout()
        except OSError:
            return False
        return True

    def _logged_in(self) -> imaplib.IMAP4:
        server = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        server.login(USER, PASSWORD)
        return server


@contextmanager
def imap_server(folder: Path, mailbox: str = "Came back") -> Iterator[ImapServer]:
    """Run a server with an empty mailbox for the length of a block."""
    start = "import sys; from pymap.main import main; sys.exit(main())"
    command = [sys.executable, "-c", start, "--host", "127.0.0.1", "--no-tls", "--port"]
    people = ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
    with (
        kept_port() as port,
        running([*command, str(port), *people], folder / "imap.log") as process,
    ):
        server = ImapServer(port, mailbox)
        assert eventually(server.greets, 120), process.output
        server.create()
        yield server
