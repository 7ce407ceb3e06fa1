"""Taking an answer back at once, where the voter it named is protected now."""

from collections.abc import Sequence
from itertools import islice, product

from apps.contacts.matching import voter_hash
from apps.contacts.models import Contact, Status

from .. import locking

# Hashes of owners and voters made in the transaction that protects: 2 s (30 us each, asked for with their query).
# Whoever protects more waits for the look-up of all contacts, which follows in any case.
MAX_HASHES = 60_000
_HASHES_PER_QUERY = 900


def hide_voters(voters: Sequence[tuple[str, str]]) -> int:
    """Let contacts that were answered with one of these (state, voter id) read as not found; returns how many."""
    owners = list(Contact.objects.exclude(answered="").order_by().values_list("owner_id", flat=True).distinct())
    if len(owners) * len(voters) > MAX_HASHES:
        return 0
    gone = 0
    pairs = product(owners, voters)
    while some := list(islice(pairs, _HASHES_PER_QUERY)):
        hashes = [voter_hash(owner_id, *voter) for owner_id, voter in some]
        told = Contact.objects.filter(answered__in=hashes)
        for owner_id in set(told.values_list("owner_id", flat=True)):
            locking.bump_generation(owner_id)
        gone += told.update(
            status=Status.NOT_FOUND, state="", districts={}, why=[], answered="", snapshot_id=None, model_version=""
        )
    return gone
