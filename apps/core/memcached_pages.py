"""The page cache in memcached: whole pages as plain bytes, so that nginx can serve them without the application.

Django's own backend unpickles values: an attacker who can write to memcached would run code in our processes. Here a
value is bytes or text, and any other value reads as a miss. Pages are stored gzipped, as nginx sends them to browsers.
"""

import zlib
from typing import Any, Final

from django.core.cache.backends.memcached import PyMemcacheCache

PLAIN, GZIP, TEXT = 0, 2, 16  # GZIP is the memcached_gzip_flag of deploy/nginx/votekin_pages.conf
COMPRESS_FROM_BYTES: Final = 800
MAX_PAGE_BYTES: Final = 4_000_000
GZIP_WBITS: Final = 16 + zlib.MAX_WBITS


class BytesAndTextSerializer:
    """Serializes bytes and text; memcached's flags tell them apart."""

    def serialize(self, _key: bytes, value: object) -> tuple[bytes, int]:
        """Return the stored bytes and flags; raise TypeError for other types."""
        if isinstance(value, bytes) and len(value) >= COMPRESS_FROM_BYTES:
            return zlib.compress(value, wbits=GZIP_WBITS), GZIP
        if isinstance(value, bytes):
            return value, PLAIN
        if isinstance(value, str):
            return value.encode(), TEXT
        if isinstance(value, int):
            return str(value).encode(), TEXT
        raise TypeError(f"The page cache stores bytes and text, not {type(value).__name__}.")

    def deserialize(self, _key: bytes, value: bytes, flags: int) -> object:
        """Return the value, or None for flags that this class never writes."""
        if flags == GZIP:
            return _decompress(value)
        return {PLAIN: lambda: value, TEXT: lambda: value.decode(errors="replace")}.get(flags, lambda: None)()


def _decompress(value: bytes) -> bytes | None:
    decompressor = zlib.decompressobj(wbits=GZIP_WBITS)
    try:
        page = decompressor.decompress(value, MAX_PAGE_BYTES)
    except zlib.error:
        return None
    return page if decompressor.eof else None


def plain_key(key: str, _prefix: str, _version: int) -> str:
    """Return the key without Django's prefix and version, as nginx computes it."""
    return key


class MemcachedPageCache(PyMemcacheCache):
    """Memcached without pickles. A dead or frozen server reads as a miss within half a second."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        params = {**params, "KEY_FUNCTION": plain_key}
        params["OPTIONS"] = {
            "ignore_exc": True,
            # The client's defaults hang on a frozen server and raise on a dead one.
            "connect_timeout": 0.25,
            "timeout": 0.5,
            "retry_attempts": 1,
            "dead_timeout": 5,
            **params.get("OPTIONS", {}),
            "serde": BytesAndTextSerializer(),
        }
        super().__init__(server, params)
