"""Passkeys: one that was used for another origin neither registers nor signs in."""

import hashlib
import json
import os
import struct
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.urls import reverse
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

from apps.accounts.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
OWN, OTHER = "https://testserver", "https://testserver.evil.example"
USER_PRESENT, USER_VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class SoftwareKey:
    """An authenticator in software: ES256, without attestation."""

    def __init__(self) -> None:
        self.id = os.urandom(16)
        self._key = ec.generate_private_key(ec.SECP256R1())

    def created(self, challenge: str, origin: str) -> str:
        """Return the credential that a browser sends after registration."""
        public = cbor.encode(dict(ES256.from_cryptography_key(self._key.public_key())))
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        statement = {"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED) + attested}
        data = _client_data("webauthn.create", challenge, origin)
        return self._credential({"clientDataJSON": data, "attestationObject": cbor.encode(statement)})

    def used(self, challenge: str, origin: str) -> str:
        """Return the credential that a browser sends to sign in."""
        data, client_data = self._data(), _client_data("webauthn.get", challenge, origin)
        signature = self._key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return self._credential({"clientDataJSON": client_data, "authenticatorData": data, "signature": signature})

    def _data(self, flags: int = 0) -> bytes:
        return hashlib.sha256(b"testserver").digest() + bytes([flags | USER_PRESENT | USER_VERIFIED]) + bytes(4)

    def _credential(self, parts: dict[str, bytes]) -> str:
        response = {name: websafe_encode(part) for name, part in parts.items()}
        own_id = websafe_encode(self.id)
        return json.dumps({"id": own_id, "rawId": own_id, "type": "public-key", "response": response})


def _client_data(kind: str, challenge: str, origin: str) -> bytes:
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()


def _challenge(client: Client) -> str:
    return str(client.session["mfa.webauthn.state"]["challenge"])


def _register(client: Client, key: SoftwareKey, origin: str) -> None:
    client.get(reverse("mfa_add_webauthn"))
    credential = key.created(_challenge(client), origin)
    client.post(reverse("mfa_add_webauthn"), {"name": "Key", "credential": credential})


def test_a_passkey_of_another_origin_neither_registers_nor_signs_in(make_member: Callable[..., User]) -> None:
    user, key = make_member("key@example.org"), SoftwareKey()
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    _register(client, key, OTHER)
    assert not Authenticator.objects.filter(user=user, type="webauthn").exists()
    _register(client, key, OWN)
    assert Authenticator.objects.filter(user=user, type="webauthn").exists()
    for origin, opens in ((OTHER, False), (OWN, True)):
        browser = Client()
        browser.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
        browser.get(reverse("mfa_authenticate"))
        browser.post(reverse("mfa_authenticate"), {"credential": key.used(_challenge(browser), origin)})
        assert (browser.get("/contacts/").status_code == 200) is opens, origin
