"""Clears matches with voters who are suppressed from now on."""

from collections.abc import Sequence
from itertools import islice, product

from apps.contacts.matching import voter_hash
from apps.contacts.models import Contact, Status

from .. import locking

# Hashing and querying owner-voter pairs takes 30 microseconds each: 2 s within the suppressing transaction. Larger
# suppressions wait for the recheck of all contacts, which follows in any case.
MAX_HASHES = 60_000
_HASHES_PER_QUERY = 900


def hide_voters(voters: Sequence[tuple[str, str]]) -> int:
    """Set contacts matched with one of these (state, voter id) pairs to not found; return the number.

    Returns 0 and leaves the work to the recheck where it would exceed `MAX_HASHES`.
    """
    owners = list(Contact.objects.exclude(matched_voter="").order_by().values_list("owner_id", flat=True).distinct())
    if len(owners) * len(voters) > MAX_HASHES:
        return 0
    hidden = 0
    pairs = product(owners, voters)
    while batch := list(islice(pairs, _HASHES_PER_QUERY)):
        hashes = [voter_hash(owner_id, *voter) for owner_id, voter in batch]
        matched = Contact.objects.filter(matched_voter__in=hashes)
        for owner_id in set(matched.values_list("owner_id", flat=True)):
            locking.bump_generation(owner_id)
        hidden += matched.update(
            status=Status.NOT_FOUND,
            state="",
            districts={},
            agreeing_fields=[],
            matched_voter="",
            snapshot_id=None,
            model_version="",
        )
    return hidden
