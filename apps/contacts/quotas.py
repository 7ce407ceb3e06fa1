"""Budgets of look-ups: spent before the roll is asked, kept in the database, closed where it fails.

Two of them: how many people an account may look up a day, and how often a week it may ask about one name, so that
nobody finds a person's ZIP by trying all of them.
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
    """Return the hash of whom a look-up is about: the name, since all else may be guessed around it.

    Half a name is never enough for an answer, so that all the "Mom" and "Landlord" of a book are not one target.
    """
    half = "" if contact.first and contact.last else "|".join((*contact.emails, *contact.phones, contact.where))
    return owner_hash(owner_id, "target", name_key(contact), half)


def spend(*, owner_id: int, contacts: Sequence[RawContact]) -> list[bool]:
    """Spend one look-up for each contact; returns which may be looked up now."""
    if not contacts:
        return []
    today = timezone.localdate()
    targets = [target_hash(owner_id, contact) for contact in contacts]
    with transaction.atomic():
        # One writer at a time, so that two workers do not both see the last look-up as free.
        ContactsVersion.objects.get_or_create(owner_id=owner_id)
        ContactsVersion.objects.select_for_update().get(pk=owner_id)
        spent = _usage(owner_id, {*targets, ACCOUNT}, today)
        allowed = _allow(targets, spent)
        taken = [one for one, may in zip(targets, allowed, strict=True) if may]
        _record(owner_id, taken, today)
    return allowed


def spend_place_guesses(*, owner_id: int, contacts: Sequence[RawContact]) -> list[bool]:
    """Return for each contact whether its place may be tried: the first one a name and week, and that one again.

    Told before anything is said of the place, and written down first.
    """
    if not contacts:
        return []
    today = timezone.localdate()
    names = [owner_hash(owner_id, "guesses", name_key(one)) for one in contacts]
    places = [owner_hash(owner_id, "guess", name_key(one), repr(one.places[:1])) for one in contacts]
    with transaction.atomic():
        ContactsVersion.objects.get_or_create(owner_id=owner_id)
        ContactsVersion.objects.select_for_update().get(pk=owner_id)
        spent = _usage(owner_id, {*names, *places}, today)
        allowed = []
        for name, place in zip(names, places, strict=True):
            new = place not in spent
            allowed.append(not new or spent.get(name, 0) < PLACE_GUESSES_PER_WEEK)
            if new and allowed[-1]:
                spent[name], spent[place] = spent.get(name, 0) + 1, 1
                _record_guess(owner_id, name, place, today)
    return allowed


def _record_guess(owner_id: int, name: bytes, place: bytes, today: date) -> None:
    rows = [LookupQuota(owner_id=owner_id, target=one, day=today, spent=1) for one in (name, place)]
    LookupQuota.objects.bulk_create(rows, ignore_conflicts=True)


def remaining_today(owner_id: int) -> int:
    """Return how many look-ups the account has left today."""
    row = LookupQuota.objects.filter(owner_id=owner_id, target=ACCOUNT, day=timezone.localdate()).first()
    return max(0, LOOKUPS_PER_DAY - (row.spent if row else 0))


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
    for one in targets:
        may = spent[ACCOUNT] < LOOKUPS_PER_DAY and spent.get(one, 0) < LOOKUPS_PER_NAME_AND_WEEK
        if may:
            spent[ACCOUNT] += 1
            spent[one] = spent.get(one, 0) + 1
        allowed.append(may)
    return allowed


def _record(owner_id: int, taken: Sequence[bytes], today: date) -> None:
    rows = [LookupQuota(owner_id=owner_id, target=one, day=today) for one in {*taken, ACCOUNT}]
    LookupQuota.objects.bulk_create(rows, ignore_conflicts=True)
    mine = LookupQuota.objects.filter(owner_id=owner_id, day=today)
    mine.filter(target=ACCOUNT).update(spent=F("spent") + len(taken))
    times: dict[int, list[bytes]] = {}
    for one in set(taken):
        times.setdefault(taken.count(one), []).append(one)
    for number, group in times.items():
        mine.filter(target__in=group).update(spent=F("spent") + number)


def purge_old() -> int:
    """Drop budgets of weeks that are over."""
    return LookupQuota.objects.filter(day__lt=timezone.localdate() - timedelta(days=WINDOW_DAYS)).delete()[0]
