"""Fields are ciphertext in the database; keys can be rotated; hashes are keyed and cannot be confused."""

import pytest
from cryptography.fernet import Fernet
from django.test import override_settings

from apps.core.crypto import decrypt, encrypt, keyed_hash, rotate
from apps.core.errors import VotekinError


def test_a_rotated_value_survives_the_old_key() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    with override_settings(FIELD_KEYS=[old]):
        token = encrypt("Zora Ñúñez")
        assert "Zora" not in token
    with override_settings(FIELD_KEYS=[new, old]):
        token = rotate(token)
    with override_settings(FIELD_KEYS=[new]):
        assert decrypt(token) == "Zora Ñúñez"


def test_a_lost_key_is_named_and_the_value_is_not() -> None:
    with override_settings(FIELD_KEYS=[Fernet.generate_key().decode()]):
        token = encrypt("secret")
    with (
        override_settings(FIELD_KEYS=[Fernet.generate_key().decode()]),
        pytest.raises(VotekinError, match="FIELD_KEYS") as caught,
    ):
        decrypt(token)
    assert "secret" not in str(caught.value)


def test_hashes_depend_on_the_key_and_on_how_the_parts_are_cut() -> None:
    assert keyed_hash("k", "ab", "c") != keyed_hash("k", "a", "bc")
    assert keyed_hash("k", "ab") != keyed_hash("l", "ab")
    assert keyed_hash("k", "ab") == keyed_hash("k", "ab")
    assert len(keyed_hash("k", "ab")) == 16
