import uuid

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from eqsr.core.security import (
    DecryptionError,
    Vault,
    hash_password,
    hash_token,
    new_token,
    password_matches,
    read_signed_id,
    sign_id,
)

KEY = "a secret key"


@given(st.uuids())
def test_a_signed_id_is_read_by_whoever_has_the_key(subject):
    assert read_signed_id(KEY, "take", sign_id(KEY, "take", subject)) == subject


@given(st.uuids(), st.integers(0, 42), st.characters(codec="ascii"))
def test_any_change_of_a_token_makes_it_nothing(subject, place, letter):
    token = sign_id(KEY, "take", subject)
    changed = token[:place] + letter + token[place + 1 :]
    assert changed == token or read_signed_id(KEY, "take", changed) is None


def test_a_token_is_good_for_one_purpose_and_one_key():
    token = sign_id(KEY, "take", uuid.uuid4())
    assert read_signed_id(KEY, "share", token) is None
    assert read_signed_id("another key", "take", token) is None


@given(st.text())
def test_garbage_is_no_token(text):
    assert read_signed_id(KEY, "take", text) is None


def test_vault_reads_with_old_keys_and_writes_with_the_first():
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    locked = Vault([old]).encrypt("secret")
    assert "secret" not in locked
    assert Vault([new, old]).decrypt(locked) == "secret"
    with pytest.raises(DecryptionError):
        Vault([new]).decrypt(locked)
    with pytest.raises(DecryptionError):
        Vault([old]).decrypt(Vault([new, old]).encrypt("secret"))


def test_passwords():
    kept = hash_password("right")
    assert kept.startswith("$argon2id$")
    assert password_matches(kept, "right")
    assert not password_matches(kept, "wrong")
    assert not password_matches(None, "right")
    assert not password_matches("not a hash", "right")


def test_tokens_are_unlike_and_only_their_fingerprint_is_kept():
    one, other = new_token(), new_token()
    assert one != other
    assert len(one) >= 43
    assert hash_token(one) != hash_token(other)
    assert one not in hash_token(one)
