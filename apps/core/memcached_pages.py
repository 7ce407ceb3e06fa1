"""The page cache in memcached: whole pages as plain bytes, so that nginx can hand them out without asking us.

Django's own backend pickles: whoever can write to such a memcached runs code in our processes. Here a value is bytes
or text, and anything else that is found there is a miss. Pages lie there compressed: nginx hands them to browsers so.
"""

import zlib
from typing import Any, Final

from django.core.cache.backends.memcached import PyMemcacheCache

PLAIN, GZIP, TEXT = 0, 2, 16  # GZIP is the memcached_gzip_flag of deploy/nginx/votekin_pages.conf
WORTH_PRESSING: Final = 800
LONGEST: Final = 4_000_000
AS_GZIP: Final = 16 + zlib.MAX_WBITS


class PlainValues:
    """Bytes and text; memcached keeps a number beside each value that tells them apart."""

    def serialize(self, _key: bytes, value: object) -> tuple[bytes, int]:
        """Return what is stored; TypeError for anything but bytes and text."""
        if isinstance(value, bytes) and len(value) >= WORTH_PRESSING:
            return zlib.compress(value, wbits=AS_GZIP), GZIP
        if isinstance(value, bytes):
            return value, PLAIN
        if isinstance(value, str):
            return value.encode(), TEXT
        if isinstance(value, int):
            return str(value).encode(), TEXT
        raise TypeError(f"The page cache keeps bytes and text, not {type(value).__name__}.")

    def deserialize(self, _key: bytes, value: bytes, flags: int) -> object:
        """Return what was stored, or None for what we never store."""
        if flags == GZIP:
            return _unpressed(value)
        return {PLAIN: lambda: value, TEXT: lambda: value.decode(errors="replace")}.get(flags, lambda: None)()


def _unpressed(value: bytes) -> bytes | None:
    unpress = zlib.decompressobj(wbits=AS_GZIP)
    try:
        page = unpress.decompress(value, LONGEST)
    except zlib.error:
        return None
    return page if unpress.eof else None


def plain_key(key: str, _prefix: str, _version: int) -> str:
    """Return a key as it is, the way nginx writes it too."""
    return key


class PlainMemcached(PyMemcacheCache):
    """Memcached with safe values. Dead or frozen, it answers every question with a miss within half a second."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        params = {**params, "KEY_FUNCTION": plain_key}
        params["OPTIONS"] = {
            "ignore_exc": True,
            # The client's own defaults hang on a frozen server and raise on a dead one.
            "connect_timeout": 0.25,
            "timeout": 0.5,
            "retry_attempts": 1,
            "dead_timeout": 5,
            **params.get("OPTIONS", {}),
            "serde": PlainValues(),
        }
        super().__init__(server, params)
