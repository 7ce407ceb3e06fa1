"""The keyed hash that identifies a suppressed voter, in the app's list and in a snapshot's file."""

import hashlib
import hmac
from collections.abc import Sequence

from django.conf import settings

from apps.core.crypto import keyed_hash
from apps.matching.normalize.places import state as state_code


def suppression_key(state: str, voter_id: str) -> bytes:
    """Return the 16-byte keyed hash of a voter; the key is SUPPRESSION_KEY, outside the database."""
    return keyed_hash(settings.SUPPRESSION_KEY, "voter", state_code(state) if state else "", voter_id.strip())


def suppression_keys(state: str, voter_ids: Sequence[str]) -> list[bytes]:
    """Return the keys of many voters of one state; twice as fast, because the common prefix is hashed once."""
    prefix = hmac.new(settings.SUPPRESSION_KEY.encode(), digestmod=hashlib.sha256)
    for part in ("voter", state_code(state) if state else ""):
        prefix.update(len(part.encode()).to_bytes(4, "big") + part.encode())
    keys = []
    for voter_id in voter_ids:
        mac, data = prefix.copy(), voter_id.strip().encode()
        mac.update(len(data).to_bytes(4, "big") + data)
        keys.append(mac.digest()[:16])
    return keys
