"""Quotas of look-ups, spent in the database before the voter roll is queried, so that they fail closed.

One limits how many people an account looks up a day, the other how often a week it queries one name, so that nobody
learns a ZIP code by trying all of them.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from apps.contacts.dedupe import name_key, owner_hash
from apps.contacts.models import ContactsVersion, LookupQuota
from apps.contacts.parsing.types import RawContact

LOOKUPS_PER_DAY = 10_000
LOOKUPS_PER_NAME_AND_WEEK = 5
PLACE_GUESSES_PER_WEEK = 1
WINDOW_DAYS = 7
ACCOUNT = b""


def target_hash(owner_id: int, contact: RawContact) -> bytes:
    """Return the hash of the person that a look-up is about: the name, since everything else may be guessed.

    A first or last name alone is never enough for a match, so that all "Mom" and "Landlord" entries are not one target.
    """
    fallback = "" if contact.first and contact.last else "|".join((*contact.emails, *contact.phones, contact.where))
    return owner_hash(owner_id, "target", name_key(contact), fallback)


def spend(*, owner_id: int, contacts: Sequence[RawContact]) -> list[bool]:
    """Spend one look-up per contact; return for each whether it may be looked up now."""
    if not contacts:
        return []
    today = timezone.localdate()
    targets = [target_hash(owner_id, contact) for contact in contacts]
    with transaction.atomic():
        # Serializes workers, so that two of them cannot both spend the last look-up.
        ContactsVersion.objects.get_or_create(owner_id=owner_id)
        ContactsVersion.objects.select_for_update().get(pk=owner_id)
        spent = _usage(owner_id, {*targets, ACCOUNT}, today)
        allowed = _allow(targets, spent)
        taken = [target for target, is_allowed in zip(targets, allowed, strict=True) if is_allowed]
        _record(owner_id, taken, today)
    return allowed


def spend_place_guesses(*, owner_id: int, contacts: Sequence[RawContact]) -> list[bool]:
    """Return for each contact whether its place may be tried: one place per name and week, repeats free.

    Recorded before anything about the place is disclosed.
    """
    if not contacts:
        return []
    today = timezone.localdate()
    names = [owner_hash(owner_id, "guesses", name_key(contact)) for contact in contacts]
    places = [owner_hash(owner_id, "guess", name_key(contact), repr(contact.places[:1])) for contact in contacts]
    with transaction.atomic():
        ContactsVersion.objects.get_or_create(owner_id=owner_id)
        ContactsVersion.objects.select_for_update().get(pk=owner_id)
        spent = _usage(owner_id, {*names, *places}, today)
        allowed = []
        for name, place in zip(names, places, strict=True):
            is_new = place not in spent
            allowed.append(not is_new or spent.get(name, 0) < PLACE_GUESSES_PER_WEEK)
            if is_new and allowed[-1]:
                spent[name], spent[place] = spent.get(name, 0) + 1, 1
                _record_guess(owner_id, name, place, today)
    return allowed


def _record_guess(owner_id: int, name: bytes, place: bytes, today: date) -> None:
    rows = [LookupQuota(owner_id=owner_id, target=target, day=today, spent=1) for target in (name, place)]
    LookupQuota.objects.bulk_create(rows, ignore_conflicts=True)


def _usage(owner_id: int, targets: Iterable[bytes], today: date) -> dict[bytes, int]:
    since = today - timedelta(days=WINDOW_DAYS - 1)
    rows = LookupQuota.objects.filter(owner_id=owner_id, target__in=list(targets), day__gte=since)
    week = {
        bytes(key): number for key, number in rows.exclude(target=ACCOUNT).values_list("target").annotate(Sum("spent"))
    }
    day = rows.filter(target=ACCOUNT, day=today).aggregate(spent=Sum("spent"))["spent"]
    return {**week, ACCOUNT: day or 0}


def _allow(targets: Sequence[bytes], spent: dict[bytes, int]) -> list[bool]:
    allowed = []
    for target in targets:
        is_allowed = spent[ACCOUNT] < LOOKUPS_PER_DAY and spent.get(target, 0) < LOOKUPS_PER_NAME_AND_WEEK
        if is_allowed:
            spent[ACCOUNT] += 1
            spent[target] = spent.get(target, 0) + 1
        allowed.append(is_allowed)
    return allowed


def _record(owner_id: int, taken: Sequence[bytes], today: date) -> None:
    rows = [LookupQuota(owner_id=owner_id, target=target, day=today) for target in {*taken, ACCOUNT}]
    LookupQuota.objects.bulk_create(rows, ignore_conflicts=True)
    rows_today = LookupQuota.objects.filter(owner_id=owner_id, day=today)
    rows_today.filter(target=ACCOUNT).update(spent=F("spent") + len(taken))
    targets_by_count: dict[int, list[bytes]] = {}
    for target in set(taken):
        targets_by_count.setdefault(taken.count(target), []).append(target)
    for count, group in targets_by_count.items():
        rows_today.filter(target__in=group).update(spent=F("spent") + count)


def purge_old() -> int:
    """Delete usage older than the window; return the number of rows."""
    return LookupQuota.objects.filter(day__lt=timezone.localdate() - timedelta(days=WINDOW_DAYS)).delete()[0]
