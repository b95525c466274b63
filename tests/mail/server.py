"""A mail server that a test scripts: what it answers, what it can do, and what it was given."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Answer = str | Callable[[str], str]


@dataclass(frozen=True)
class Taken:
    """A message with its envelope, as it came over the wire."""

    sender: str
    recipient: str
    wire: bytes


@dataclass
class Scriptable:
    """``answers``: by the command's first word in lower case (``hello``: at first, ``end``: after
    the message), or a function of the line; ``extensions``: as EHLO tells them."""

    url: str
    answers: dict[str, Answer] = field(default_factory=dict)
    extensions: list[str] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def answer(self, word: str, line: str, otherwise: str) -> str:
        found = self.answers.get(word, otherwise)
        return found(line) if callable(found) else found

    def tries(self) -> int:
        """How many times a message was begun."""
        return sum(line.lower().startswith("mail from") for line in self.lines)


@contextmanager
def scriptable() -> Iterator[Scriptable]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = Scriptable(f"smtp://127.0.0.1:{listening.getsockname()[1]}")

    def listen() -> None:
        with suppress(OSError):
            while True:
                connection, _address = listening.accept()
                threading.Thread(target=_talk, args=(server, connection), daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield server
    finally:
        # Closing alone would not end the thread's waiting.
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def _talk(server: Scriptable, connection: socket.socket) -> None:
    with suppress(OSError), connection, connection.makefile("rwb") as stream:

        def say(text: str) -> bool:
            stream.write(text.encode() + b"\r\n")
            stream.flush()
            return text[0] in "23"

        say(server.answer("hello", "", "220 here"))
        sender = recipient = ""
        for raw in stream:
            line = raw.decode("utf-8", "replace").strip()
            server.lines.append(line)
            word = line.split(" ")[0].split(":")[0].lower()
            if word == "ehlo":
                listed = ["here", *server.extensions]
                told = [f"250-{one}" for one in listed[:-1]] + [f"250 {listed[-1]}"]
                say(server.answer("ehlo", line, "\r\n".join(told)))
            elif word == "data":
                if say(server.answer("data", line, "354 go on")):
                    wire = _message(stream)
                    if say(server.answer("end", line, "250 taken")):
                        server.taken.append(Taken(sender, recipient, wire))
            else:
                taken = say(server.answer(word, line, "250 fine"))
                if word == "mail" and taken:
                    sender = line.partition("<")[2].partition(">")[0]
                elif word == "rcpt" and taken:
                    recipient = line.partition("<")[2].partition(">")[0]
                elif word == "quit":
                    return


def _message(stream) -> bytes:
    lines = []
    for line in stream:
        if line == b".\r\n":
            break
        lines.append(line[1:] if line.startswith(b".") else line)
    return b"".join(lines)
