"""The keyed hash under which a protected voter is known, in the app's list and in a snapshot's file."""

import hashlib
import hmac
from collections.abc import Sequence

from django.conf import settings

from apps.core.crypto import keyed_hash
from apps.matching.normalize.places import state as state_code


def suppression_key(state: str, voter_id: str) -> bytes:
    """Return the keyed hash of a voter; its key lies outside the database."""
    return keyed_hash(settings.SUPPRESSION_KEY, "voter", state_code(state) if state else "", voter_id.strip())


def suppression_keys(state: str, voter_ids: Sequence[str]) -> list[bytes]:
    """Return the same of many voters of one state; half the time a voter, since the beginning is hashed once."""
    begun = hmac.new(settings.SUPPRESSION_KEY.encode(), digestmod=hashlib.sha256)
    for part in ("voter", state_code(state) if state else ""):
        begun.update(len(part.encode()).to_bytes(4, "big") + part.encode())
    keys = []
    for voter_id in voter_ids:
        mac, data = begun.copy(), voter_id.strip().encode()
        mac.update(len(data).to_bytes(4, "big") + data)
        keys.append(mac.digest()[:16])
    return keys
