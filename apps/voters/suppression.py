"""Who is never to be found, as keyed hashes only.

Two lists: the app's own, which survives every load; and the rows that a roll itself withholds (confidential,
exempt, pre-registered), which lie in that snapshot's file and go with it.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from apps.matching.normalize.places import state as state_code

from . import roll_events, snapshot_files
from .models import Suppression
from .suppression_keys import key_of, keys_of

BATCH = 1_000
Voter = tuple[str, str]


def is_suppressed(state: str, voter_id: str) -> bool:
    """Return whether a voter is not to be found by anybody, and so reads as not found."""
    return bool(suppressed_of([(state, voter_id)]))


def suppressed_of(voters: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return which of these (state, voter id) are suppressed; one query for up to BATCH of them."""
    keys = {key_of(*voter): voter for voter in voters}
    return _opted_out(keys) | _withheld(keys)


def withdrawn_of(voters: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return which of these nobody may look up, the voter included: withheld by the roll, or by operator or staff.

    Two statements at least, whatever it is given, so that their number says nothing about the voters.
    """
    keys = {key_of(*voter): voter for voter in voters}
    wanted = list(keys) or [b""]
    rows = Suppression.objects.filter(key_hash__in=wanted).exclude(by=Suppression.By.PERSON)
    found = {keys[bytes(row)] for row in rows.values_list("key_hash", flat=True)}
    return found | _withheld(keys)


def opted_out(voters: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return which of these the app's own list protects: enough where the roll's own list is known to be empty.

    A voter with a row in the live snapshot is not on that roll's list.
    """
    if not Suppression.objects.exists():
        return set()
    return _opted_out({key_of(*voter): voter for voter in voters})


def _opted_out(keys: Mapping[bytes, tuple[str, str]]) -> set[tuple[str, str]]:
    wanted = list(keys)
    found: set[tuple[str, str]] = set()
    for at in range(0, len(wanted), BATCH):
        some = wanted[at : at + BATCH]
        rows = Suppression.objects.filter(key_hash__in=some).values_list("key_hash", flat=True)
        found |= {keys[bytes(row)] for row in rows}
    return found


class Protected:
    """The app's own list as one load sees it: what came later is kept from answers, and left out by the next load."""

    def __init__(self) -> None:
        # Who asked for it in person keeps the row, for the voter's own look-up; nobody else sees it.
        others = Suppression.objects.exclude(by=Suppression.By.PERSON)
        rows = list(others.order_by("pk").values_list("pk", "key_hash"))
        self._keys = {bytes(key) for _, key in rows}
        self.newest = rows[-1][0] if rows else 0

    def __bool__(self) -> bool:
        return bool(self._keys)

    def among(self, state: str, voter_ids: Sequence[str]) -> set[int]:
        """Return the positions of protected voters."""
        return {n for n, key in enumerate(keys_of(state, voter_ids)) if key in self._keys}


def suppress(*, state: str, voter_id: str, by: str) -> Suppression:
    """Protect one voter, at once and in every later load."""
    return suppress_many(voters=[(state, voter_id)], by=by)[0]


def suppress_many(*, voters: Iterable[tuple[str, str]], by: str) -> list[Suppression]:
    """Protect many; whoever keeps something of them is told in the same transaction."""
    if by not in Suppression.By.values:
        raise ValueError(f"by is one of {', '.join(Suppression.By.values)}")
    keys = [(key_of(*voter), voter) for voter in voters]
    with transaction.atomic():
        rows = [Suppression(key_hash=key, by=by) for key, _ in keys]
        Suppression.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
        if by != Suppression.By.PERSON:
            Suppression.objects.filter(key_hash__in=[key for key, _ in keys]).update(by=by)
        roll_events.tell_suppressed([voter for _, voter in keys])
    return list(Suppression.objects.filter(key_hash__in=[key for key, _ in keys]))


def lift_many(*, voters: Iterable[Voter]) -> int:
    """Take voters off the app's own list; returns how many were on it. A load that left them out has no row of them."""
    keys = [key_of(*voter) for voter in voters]
    gone = 0
    for at in range(0, len(keys), BATCH):
        gone += Suppression.objects.filter(key_hash__in=keys[at : at + BATCH]).delete()[0]
    return gone


def end_own(*, state: str, voter_id: str) -> bool:
    """End a suppression that the person requested; return whether there was one. Others' suppressions stay."""
    own = Suppression.objects.filter(key_hash=key_of(state, voter_id), by=Suppression.By.PERSON)
    return bool(own.delete()[0])


def is_own(state: str, voter_id: str) -> bool:
    """Return whether a voter is hidden at the person's own request."""
    return bool(Suppression.objects.filter(key_hash=key_of(state, voter_id), by=Suppression.By.PERSON).exists())


def _withheld(keys: Mapping[bytes, tuple[str, str]]) -> set[tuple[str, str]]:
    """Return which of these voters the live rolls themselves withhold. `keys`: keyed hash -> (state, voter id)."""
    found: set[tuple[str, str]] = set()
    states = {state_code(state) if state else "" for state, _ in keys.values()}
    for state, snapshot in snapshot_files.live().items():
        if state not in states:
            continue
        with snapshot_files.opened(snapshot) as db:
            for key, voter in keys.items():
                if db.execute("SELECT 1 FROM withheld WHERE hash = ?", (key,)).fetchone():
                    found.add(voter)
    return found
