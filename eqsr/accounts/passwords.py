"""Decide whether a new password is strong enough.

As NIST SP 800-63B advises: a minimum length, no rules about kinds of characters, no commonly used
or breached password and none derived from the user's address.

Most breached passwords of twelve or more characters are one word with digits and signs around it.
So that is refused: any word of up to eleven letters, and longer ones that breached_words.txt has.
It is no list of all breached passwords, and two common words pass.
"""

import re
from pathlib import Path

from eqsr.core.messages import UserError

MIN_LENGTH = 12
MAX_LENGTH = 256

# Common passwords of twelve or more characters are these words, doubled or followed by digits.
_WORDS = frozenset(Path(__file__).with_name("common_passwords.txt").read_text().split())
# The words in 20,000 breached passwords, and those that are long enough; see tools/breached.py.
_BREACHED = frozenset(Path(__file__).with_name("breached_words.txt").read_text().split())
# One word: so few letters in one piece, in a password shorter than this.
_SHORT_WORD, _DECORATED = 11, 20
_ROWS = ("01234567890123456789", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm",
         "azertyuiopqsdfghjklmwxcvbn", "abcdefghijklmnopqrstuvwxyz", "1q2w3e4r5t6z7u8i9o0p",
         "1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv5tgb6yhn", "qazwsxedcrfvtgbyhnujm")  # fmt: skip
_LEET = str.maketrans("0134578@$!", "oleastbasi")


class WeakPassword(UserError):
    """The password is refused; ``sentence`` says why and what to do."""


def check_password(password: str, email: str = "") -> None:
    """Accept this new password for the user with this address, or raise WeakPassword."""
    if len(password) < MIN_LENGTH:
        raise WeakPassword("A password needs at least 12 characters.")
    if len(password) > MAX_LENGTH:
        raise WeakPassword("A password can have at most 256 characters.")
    plain = "".join(password.lower().split())
    if email and _is_about(plain, email.lower()):
        raise WeakPassword("This is your e-mail address. Choose words that nobody connects to you.")
    if _is_common(plain):
        raise WeakPassword(
            "This is one of the passwords that are tried first. Choose a few unrelated words."
        )
    if _is_decorated(plain):
        raise WeakPassword(
            "One word with digits or signs around it is soon guessed. Choose a few unrelated words."
        )


def _is_about(plain: str, email: str) -> bool:
    """Is it the address or parts of it, with at most three other letters? (Digits don't count.)"""
    local, _, domain = email.partition("@")
    left = plain
    for part in sorted({email, domain, local, *re.split(r"[\W_]+", email)}, key=len, reverse=True):
        if len(part) > 2:
            left = left.replace(part, "")
    return left != plain and len(re.sub(r"[\d\W_]", "", left)) < 4


def _is_common(plain: str) -> bool:
    """Is it a repetition, a keyboard run, or built from common words, also in leetspeak?"""
    if len(set(plain)) < 5 or _repeats(plain) or _runs(plain):
        return True
    stem = re.sub(r"[\W\d_]+$", "", plain)
    if plain in _BREACHED:
        return True
    for text in (plain, stem.translate(_LEET)):
        letters = re.sub(r"[\W\d_]+", " ", text).split()
        if len(letters) == 1 and letters[0] in _BREACHED:
            return True
        if letters and all(_is_word(word) for word in letters):
            return True
    return False


def _is_decorated(plain: str) -> bool:
    """Is it one word, or none, with digits and signs around it?"""
    letters = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    one_piece = not re.search(r"[\W\d_]", letters)
    return one_piece and len(letters) <= _SHORT_WORD and len(plain) < _DECORATED


def _is_word(word: str) -> bool:
    """Is it a common word, once or repeated?"""
    return word in _WORDS or any(
        word == part * (len(word) // len(part)) for part in _WORDS if len(part) < len(word)
    )


def _repeats(plain: str) -> bool:
    """Does it repeat its first few characters?"""
    return any(
        plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, len(plain) // 2 + 1)
    )


def _runs(plain: str) -> bool:
    """Is it a run along the keyboard or the alphabet, forwards or backwards?"""
    return any(plain in row or plain[::-1] in row for row in _ROWS)
