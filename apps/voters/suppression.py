"""Who is never to be found, as keyed hashes only.

Two lists: the app's own, which survives every load; and the rows that a roll itself withholds (confidential,
exempt, pre-registered), which lie in that snapshot's file and go with it.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from apps.matching.normalize.places import state as state_code

from . import roll_events, snapshot_files
from .models import Suppression
from .suppression_keys import suppression_key, suppression_keys

BATCH_SIZE = 1_000
Voter = tuple[str, str]


def is_suppressed(state: str, voter_id: str) -> bool:
    """Return whether a voter is not to be found by anybody, and so reads as not found."""
    return bool(suppressed_voters([(state, voter_id)]))


def suppressed_voters(voters: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return which of these (state, voter id) are suppressed; one query for up to BATCH of them."""
    keys = {suppression_key(*voter): voter for voter in voters}
    return _on_suppression_list(keys) | _withheld_by_rolls(keys)


def opted_out_voters(voters: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return which of these the app's own list protects: enough where the roll's own list is known to be empty.

    A voter with a row in the live snapshot is not on that roll's list.
    """
    if not Suppression.objects.exists():
        return set()
    return _on_suppression_list({suppression_key(*voter): voter for voter in voters})


def _on_suppression_list(keys: Mapping[bytes, tuple[str, str]]) -> set[tuple[str, str]]:
    wanted = list(keys)
    found: set[tuple[str, str]] = set()
    for at in range(0, len(wanted), BATCH_SIZE):
        some = wanted[at : at + BATCH_SIZE]
        rows = Suppression.objects.filter(key_hash__in=some).values_list("key_hash", flat=True)
        found |= {keys[bytes(row)] for row in rows}
    return found


class SuppressionList:
    """The app's own list as one load sees it: what came later is kept from answers, and left out by the next load."""

    def __init__(self) -> None:
        rows = list(Suppression.objects.order_by("pk").values_list("pk", "key_hash"))
        self._keys = {bytes(key) for _, key in rows}
        self.newest = rows[-1][0] if rows else 0

    def __bool__(self) -> bool:
        return bool(self._keys)

    def among(self, state: str, voter_ids: Sequence[str]) -> set[int]:
        """Return the positions of protected voters."""
        return {n for n, key in enumerate(suppression_keys(state, voter_ids)) if key in self._keys}


def suppress(*, state: str, voter_id: str, by: str) -> Suppression:
    """Protect one voter, at once and in every later load."""
    return suppress_many(voters=[(state, voter_id)], by=by)[0]


def suppress_many(*, voters: Iterable[tuple[str, str]], by: str) -> list[Suppression]:
    """Protect many; whoever keeps something of them is told in the same transaction."""
    if by not in Suppression.By.values:
        raise ValueError(f"by is one of {', '.join(Suppression.By.values)}")
    keys = [(suppression_key(*voter), voter) for voter in voters]
    with transaction.atomic():
        rows = [Suppression(key_hash=key, by=by) for key, _ in keys]
        Suppression.objects.bulk_create(rows, batch_size=BATCH_SIZE, ignore_conflicts=True)
        roll_events.notify_suppressed([voter for _, voter in keys])
    return list(Suppression.objects.filter(key_hash__in=[key for key, _ in keys]))


def lift_many(*, voters: Iterable[Voter]) -> int:
    """Take voters off the app's own list; returns how many were on it. A load that left them out has no row of them."""
    keys = [suppression_key(*voter) for voter in voters]
    gone = 0
    for at in range(0, len(keys), BATCH_SIZE):
        gone += Suppression.objects.filter(key_hash__in=keys[at : at + BATCH_SIZE]).delete()[0]
    return gone


def _withheld_by_rolls(keys: Mapping[bytes, tuple[str, str]]) -> set[tuple[str, str]]:
    """Return which of these voters the live rolls themselves withhold. `keys`: keyed hash -> (state, voter id)."""
    found: set[tuple[str, str]] = set()
    states = {state_code(state) if state else "" for state, _ in keys.values()}
    for state, snapshot in snapshot_files.live_snapshots().items():
        if state not in states:
            continue
        with snapshot_files.snapshot_db(snapshot) as db:
            for key, voter in keys.items():
                if db.execute("SELECT 1 FROM withheld WHERE hash = ?", (key,)).fetchone():
                    found.add(voter)
    return found
