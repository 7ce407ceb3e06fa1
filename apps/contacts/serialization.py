"""How rows of an import lie in the database: compressed before they are encrypted, since cipher text is not."""

import base64
import json
import zlib
from typing import Any

from .parsing.types import RawContact


def pack(value: Any) -> str:
    """Return a JSON value as compressed text."""
    return pack_bytes(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def unpack(text: str) -> Any:
    """Return the value that `pack` took."""
    return json.loads(unpack_bytes(text))


def pack_bytes(data: bytes) -> str:
    """Return bytes as compressed text."""
    return base64.b64encode(zlib.compress(data, 1)).decode("ascii")


def unpack_bytes(text: str) -> bytes:
    """Return the bytes that `pack_bytes` took."""
    return zlib.decompress(base64.b64decode(text))


def dump_contact(contact: RawContact) -> str:
    """Return a contact as the text that is stored encrypted."""
    return json.dumps(contact.to_data(), ensure_ascii=False, separators=(",", ":"))


def load_contact(text: str) -> RawContact:
    """Return the contact that `to_text` took."""
    return RawContact.from_data(json.loads(text))
