import uuid

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from eqsr.core.encryption import DecryptionError, Vault
from eqsr.core.password_hashes import hash_password, password_matches
from eqsr.core.tokens import hash_token, new_token, read_signed, read_signed_id, sign_id

KEY = "a secret key"
SUBJECT = uuid.UUID("0197f0a2-5b7c-7d3e-8f10-1234567890ab")


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


@pytest.mark.parametrize(
    ("purpose", "generation", "token"),
    [
        ("password", 0, "AZfwolt8fT6PEBI0VniQq82lMAsaeUz9qIk2N_rOrg4"),
        ("join", 0, "AZfwolt8fT6PEBI0VniQq4rPynScj5Ym7ovrlzGvamE"),
        ("share", 0, "AZfwolt8fT6PEBI0VniQq6S8AMa4tfmrBoHoJKbWrIk"),
        ("sign up", 0, "AZfwolt8fT6PEBI0VniQq-Mk4u6ea9Si0Z9rB62e_AU"),
        ("take", 0, "AZfwolt8fT6PEBI0VniQq3TcZHOzCpzBuIq4IG4cLZo"),
        ("take", 2, "AZfwolt8fT6PEBI0VniQqwAAAALQcDgsmy9TuciYW5wHQzpM"),
        ("reminders", 0, "AZfwolt8fT6PEBI0VniQqySjBLNltZQYlB2kM30cXXY"),
        ("reminders", 2, "AZfwolt8fT6PEBI0VniQqwAAAAL2aiKNIXS33sqL5NTSfhOF"),
    ],
)
def test_tokens_in_sent_emails_stay_the_same(purpose, generation, token):
    """Made on 2026-11-30, before purposes were an enum. A change here ends links that are out."""
    assert sign_id(KEY, purpose, SUBJECT, generation) == token
    assert read_signed(KEY, purpose, token) == (SUBJECT, generation)


def test_the_hash_of_a_token_stays_the_same():
    """It is stored, so a change here ends links that are out."""
    stored = "cf23e38c4ce6c68ef2c4d8fcc32c380823dcea32aeb80a839e2d81448c47983a"
    assert hash_token("AZfwolt8fT6PEBI0VniQq82lMAsaeUz9qIk2N_rOrg4") == stored


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
