"""Serializes contacts and import rows for encrypted columns: compressed first, since ciphertext does not compress."""

import base64
import json
import zlib
from typing import Any

from .parsing.types import RawContact


def pack(value: Any) -> str:
    """Return a JSON value as compressed base64 text."""
    return pack_bytes(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def unpack(text: str) -> Any:
    """Return the value that `pack` encoded."""
    return json.loads(unpack_bytes(text))


def pack_bytes(data: bytes) -> str:
    """Return bytes as compressed base64 text."""
    return base64.b64encode(zlib.compress(data, 1)).decode("ascii")


def unpack_bytes(text: str) -> bytes:
    """Return the bytes that `pack_bytes` encoded."""
    return zlib.decompress(base64.b64decode(text))


def dump_contact(contact: RawContact) -> str:
    """Return a contact as JSON text for an encrypted column."""
    return json.dumps(contact.to_data(), ensure_ascii=False, separators=(",", ":"))


def load_contact(text: str) -> RawContact:
    """Return the contact that `dump_contact` encoded."""
    return RawContact.from_data(json.loads(text))
