"""What a mail server answers, sorted: is the recipient to blame, or are we?"""

import dataclasses
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import pytest

from eqsr.mail import smtp


@contextmanager
def answering(**answers: str) -> Iterator[str]:
    """A mail server that says these things (by the command's first word; ``hello``: at first), and
    250 to everything else; its address."""
    listening = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        connection, _address = listening.accept()
        with connection, connection.makefile("rwb") as lines:

            def say(word: str, otherwise: str) -> None:
                lines.write(f"{answers.get(word, otherwise)}\r\n".encode())
                lines.flush()

            say("hello", "220 here")
            for line in lines:
                say(line.split()[0].decode().lower(), "250 fine")
                if line.upper().startswith(b"QUIT"):
                    break

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    try:
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.close()
        thread.join(10)


def send(settings, url: str) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "no-reply@equalture.example", "ada@example.org"
    message.set_content("Hello")
    smtp.send(dataclasses.replace(settings, mail_url=url), message)


@pytest.mark.parametrize(
    "answers",
    [
        {"hello": "554 we take no mail from you"},
        {"ehlo": "550 who?", "helo": "550 who?"},
        {"mail": "553 this sender may not"},
        {"mail": "530 log in first"},
        {"rcpt": "451 later"},
        {"data": "451 later"},
    ],
)
def test_no_recipient_is_to_blame_for_what_the_server_has_against_us(settings, answers):
    with answering(**answers) as url, pytest.raises(smtp.Away):
        send(settings, url)


@pytest.mark.parametrize("answers", [{"rcpt": "550 nobody here"}, {"data": "554 not this"}])
def test_what_a_server_will_never_take(settings, answers):
    with answering(**answers) as url, pytest.raises(smtp.Refused):
        send(settings, url)
