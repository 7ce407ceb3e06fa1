"""The keyed hash under which a protected voter is known, in the app's list and in a snapshot's file."""

from django.conf import settings

from apps.core.crypto import keyed_hash
from apps.matching.normal.places import state as state_code


def key_of(state: str, voter_id: str) -> bytes:
    """Return the keyed hash of a voter; its key lies outside the database."""
    return keyed_hash(settings.SUPPRESSION_KEY, "voter", state_code(state) if state else "", voter_id.strip())
