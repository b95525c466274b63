"""Keys of an installation on a laptop: made on first use and kept in a file."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet


def load_or_create_secret(path: Path, make: Callable[[], str]) -> str:
    """Read a secret from ``path``; create it first if missing, readable by this account only.

    When several processes start at once, all get the same value.
    """
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with open(fresh, "x", opener=_private) as file:
            file.write(make())
        with suppress(FileExistsError):  # another process was faster: use its value
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def new_encryption_key() -> str:
    """Make a Fernet key."""
    return Fernet.generate_key().decode()
