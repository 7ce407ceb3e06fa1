"""Suppression of voters who must never be found, stored as keyed hashes only.

Two lists: the app's own, which survives every load; and the rows that a roll itself withholds (confidential,
exempt, pre-registered), stored in that snapshot's file.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction

from apps.matching.normalize.places import state as state_code

from . import roll_events, snapshot_files
from .models import Suppression
from .suppression_keys import suppression_key, suppression_keys

BATCH_SIZE = 1_000
Voter = tuple[str, str]


def is_suppressed(state: str, voter_id: str) -> bool:
    """Return whether a voter is suppressed, by either list."""
    return bool(suppressed_voters([(state, voter_id)]))


def suppressed_voters(voters: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return which of these (state, voter id) are suppressed; one query per BATCH_SIZE voters."""
    keys = {suppression_key(*voter): voter for voter in voters}
    return _on_suppression_list(keys) | _withheld_by_rolls(keys)


def withdrawn_voters(voters: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return which of these no one may look up, the voter included: withheld by the roll, or by operator or staff.

    The number of statements reveals nothing about the voters: the list is read even if `voters` is empty.
    """
    keys = {suppression_key(*voter): voter for voter in voters}
    rows = Suppression.objects.filter(key_hash__in=list(keys) or [b""]).exclude(by=Suppression.By.PERSON)
    return {keys[bytes(row)] for row in rows.values_list("key_hash", flat=True)} | _withheld_by_rolls(keys)


def opted_out_voters(voters: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return which of these are on the app's own list; sufficient for voters with a row in a live snapshot.

    A voter with such a row is not on that roll's list.
    """
    if not Suppression.objects.exists():
        return set()
    return _on_suppression_list({suppression_key(*voter): voter for voter in voters})


def _on_suppression_list(keys: Mapping[bytes, tuple[str, str]]) -> set[tuple[str, str]]:
    hashes = list(keys)
    suppressed: set[tuple[str, str]] = set()
    for start in range(0, len(hashes), BATCH_SIZE):
        batch = hashes[start : start + BATCH_SIZE]
        rows = Suppression.objects.filter(key_hash__in=batch).values_list("key_hash", flat=True)
        suppressed |= {keys[bytes(row)] for row in rows}
    return suppressed


class SuppressionList:
    """The app's own list at the start of a load; later entries are filtered from matches until the next load."""

    def __init__(self) -> None:
        # A voter who is hidden at the person's own request keeps the row, for the voter's own lookup.
        others = Suppression.objects.exclude(by=Suppression.By.PERSON)
        rows = list(others.order_by("pk").values_list("pk", "key_hash"))
        self._keys = {bytes(key) for _, key in rows}
        self.newest = rows[-1][0] if rows else 0

    def __bool__(self) -> bool:
        return bool(self._keys)

    def positions_in(self, state: str, voter_ids: Sequence[str]) -> set[int]:
        """Return the positions of suppressed voters in `voter_ids`."""
        return {n for n, key in enumerate(suppression_keys(state, voter_ids)) if key in self._keys}


def suppress(*, state: str, voter_id: str, by: str) -> Suppression:
    """Suppress one voter, at once and in every later load."""
    return suppress_many(voters=[(state, voter_id)], by=by)[0]


def suppress_many(*, voters: Iterable[tuple[str, str]], by: str) -> list[Suppression]:
    """Suppress voters and notify the apps that store their data, in one transaction."""
    if by not in Suppression.By.values:
        raise ValueError(f"by is one of {', '.join(Suppression.By.values)}")
    keys = [(suppression_key(*voter), voter) for voter in voters]
    with transaction.atomic():
        rows = [Suppression(key_hash=key, by=by) for key, _ in keys]
        Suppression.objects.bulk_create(rows, batch_size=BATCH_SIZE, ignore_conflicts=True)
        if by != Suppression.By.PERSON:
            Suppression.objects.filter(key_hash__in=[key for key, _ in keys]).update(by=by)
        roll_events.notify_suppressed([voter for _, voter in keys])
    return list(Suppression.objects.filter(key_hash__in=[key for key, _ in keys]))


def lift_many(*, voters: Iterable[Voter]) -> int:
    """Remove voters from the app's own list; return how many were on it. They are found again after the next load."""
    keys = [suppression_key(*voter) for voter in voters]
    lifted = 0
    for at in range(0, len(keys), BATCH_SIZE):
        lifted += Suppression.objects.filter(key_hash__in=keys[at : at + BATCH_SIZE]).delete()[0]
    return lifted


def end_own(*, state: str, voter_id: str) -> bool:
    """End a suppression that the person requested; return whether there was one. Others' suppressions stay."""
    own = Suppression.objects.filter(key_hash=suppression_key(state, voter_id), by=Suppression.By.PERSON)
    return bool(own.delete()[0])


def own_suppressions(day: date) -> int:
    """Return how many voters were hidden at their own request on a day."""
    return int(Suppression.objects.filter(by=Suppression.By.PERSON, created_at__date=day).count())


def end_own_of_day(day: date) -> int:
    """End all suppressions of a day that the persons requested; return how many."""
    return int(Suppression.objects.filter(by=Suppression.By.PERSON, created_at__date=day).delete()[0])


def is_own(state: str, voter_id: str) -> bool:
    """Return whether a voter is hidden at the person's own request."""
    own = Suppression.objects.filter(key_hash=suppression_key(state, voter_id), by=Suppression.By.PERSON)
    return bool(own.exists())


def _withheld_by_rolls(keys: Mapping[bytes, tuple[str, str]]) -> set[tuple[str, str]]:
    """Return which of these voters a live roll withholds. `keys`: keyed hash -> (state, voter id)."""
    withheld: set[tuple[str, str]] = set()
    states = {state_code(state) if state else "" for state, _ in keys.values()}
    for state, snapshot in snapshot_files.live_snapshots().items():
        if state not in states:
            continue
        with snapshot_files.snapshot_db(snapshot) as db:
            for key, voter in keys.items():
                if db.execute("SELECT 1 FROM withheld WHERE hash = ?", (key,)).fetchone():
                    withheld.add(voter)
    return withheld
