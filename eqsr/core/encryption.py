"""Encryption of stored secrets."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Vault:
    """Encrypts with the first key and decrypts with any (Fernet: AES-128-CBC with HMAC-SHA256)."""

    def __init__(self, keys: Sequence[str]):
        self._first = Fernet(keys[0])
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, secret: str) -> str:
        """Encrypt a text with the first key."""
        return self._fernet.encrypt(secret.encode()).decode()

    def decrypt(self, encrypted: str) -> str:
        """Decrypt a text with any of the keys. Raises DecryptionError when none fits."""
        try:
            return self._fernet.decrypt(encrypted.encode()).decode()
        except InvalidToken:
            raise DecryptionError from None

    def renew(self, encrypted: str) -> str:
        """Encrypt a secret again with the first key, unless it already is.

        Returns the argument unchanged in that case. Raises DecryptionError.
        """
        try:
            self._first.decrypt(encrypted.encode())
        except InvalidToken:
            return self.encrypt(self.decrypt(encrypted))
        return encrypted


class DecryptionError(Exception):
    """None of the keys in ENCRYPTION_KEYS decrypts a stored secret."""
