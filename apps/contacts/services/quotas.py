"""Budgets of look-ups: spent before the roll is asked, kept in the database, closed where it fails.

Two of them: how many people an account may look up a day, and how often a week it may ask about one name, so that
nobody finds a person's ZIP by trying all of them.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from apps.contacts.dedupe import hashed, name_key
from apps.contacts.models import Budget, ContactsVersion
from apps.contacts.parsing.types import RawContact

A_DAY = 10_000
A_TARGET_AND_WEEK = 5
GUESSES_AND_WEEK = 1
WEEK = 7
ACCOUNT = b""


def target(owner_id: int, contact: RawContact) -> bytes:
    """Return the hash of whom a look-up is about: the name, since all else may be guessed around it.

    Half a name is never enough for an answer, so that all the "Mom" and "Landlord" of a book are not one target.
    """
    half = "" if contact.first and contact.last else "|".join((*contact.emails, *contact.phones, contact.where))
    return hashed(owner_id, "target", name_key(contact), half)


def spend(*, owner_id: int, contacts: Sequence[RawContact]) -> list[bool]:
    """Spend one look-up for each contact; returns which may be looked up now."""
    if not contacts:
        return []
    today = timezone.localdate()
    targets = [target(owner_id, contact) for contact in contacts]
    with transaction.atomic():
        # One writer at a time, so that two workers do not both see the last look-up as free.
        ContactsVersion.objects.get_or_create(owner_id=owner_id)
        ContactsVersion.objects.select_for_update().get(pk=owner_id)
        spent = _spent(owner_id, {*targets, ACCOUNT}, today)
        allowed = _allowed(targets, spent)
        taken = [one for one, may in zip(targets, allowed, strict=True) if may]
        _write(owner_id, taken, today)
    return allowed


def may_guess(*, owner_id: int, contacts: Sequence[RawContact]) -> list[bool]:
    """Return for each contact whether its place may be tried: the first one a name and week, and that one again.

    Told before anything is said of the place, and written down first.
    """
    if not contacts:
        return []
    today = timezone.localdate()
    names = [hashed(owner_id, "guesses", name_key(one)) for one in contacts]
    places = [hashed(owner_id, "guess", name_key(one), repr(one.places[:1])) for one in contacts]
    with transaction.atomic():
        ContactsVersion.objects.get_or_create(owner_id=owner_id)
        ContactsVersion.objects.select_for_update().get(pk=owner_id)
        spent = _spent(owner_id, {*names, *places}, today)
        allowed = []
        for name, place in zip(names, places, strict=True):
            new = place not in spent
            allowed.append(not new or spent.get(name, 0) < GUESSES_AND_WEEK)
            if new and allowed[-1]:
                spent[name], spent[place] = spent.get(name, 0) + 1, 1
                _write_once(owner_id, name, place, today)
    return allowed


def _write_once(owner_id: int, name: bytes, place: bytes, today: date) -> None:
    rows = [Budget(owner_id=owner_id, target=one, day=today, spent=1) for one in (name, place)]
    Budget.objects.bulk_create(rows, ignore_conflicts=True)


def left_today(owner_id: int) -> int:
    """Return how many look-ups the account has left today."""
    row = Budget.objects.filter(owner_id=owner_id, target=ACCOUNT, day=timezone.localdate()).first()
    return max(0, A_DAY - (row.spent if row else 0))


def _spent(owner_id: int, targets: Iterable[bytes], today: date) -> dict[bytes, int]:
    since = today - timedelta(days=WEEK - 1)
    rows = Budget.objects.filter(owner_id=owner_id, target__in=list(targets), day__gte=since)
    week = {
        bytes(key): number for key, number in rows.exclude(target=ACCOUNT).values_list("target").annotate(Sum("spent"))
    }
    day = rows.filter(target=ACCOUNT, day=today).aggregate(spent=Sum("spent"))["spent"]
    return {**week, ACCOUNT: day or 0}


def _allowed(targets: Sequence[bytes], spent: dict[bytes, int]) -> list[bool]:
    allowed = []
    for one in targets:
        may = spent[ACCOUNT] < A_DAY and spent.get(one, 0) < A_TARGET_AND_WEEK
        if may:
            spent[ACCOUNT] += 1
            spent[one] = spent.get(one, 0) + 1
        allowed.append(may)
    return allowed


def _write(owner_id: int, taken: Sequence[bytes], today: date) -> None:
    rows = [Budget(owner_id=owner_id, target=one, day=today) for one in {*taken, ACCOUNT}]
    Budget.objects.bulk_create(rows, ignore_conflicts=True)
    mine = Budget.objects.filter(owner_id=owner_id, day=today)
    mine.filter(target=ACCOUNT).update(spent=F("spent") + len(taken))
    times: dict[int, list[bytes]] = {}
    for one in set(taken):
        times.setdefault(taken.count(one), []).append(one)
    for number, group in times.items():
        mine.filter(target__in=group).update(spent=F("spent") + number)


def forget_old() -> int:
    """Drop budgets of weeks that are over."""
    return Budget.objects.filter(day__lt=timezone.localdate() - timedelta(days=WEEK)).delete()[0]
