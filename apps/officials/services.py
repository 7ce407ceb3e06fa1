"""Writes of the officials' room: loads of people, live body by body; elections, which staff may correct."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.core import page_cache
from apps.core.errors import Refused

from .cache import forget_holdings
from .formats import Addition, OfficialRecord, addition_of, congress_person, kind_of, openstates_person, read_records
from .models import Holding, Office, Official, Scope, Source

# People in one transaction: some 20 ms, so that web requests never wait for a load.
PORTION = 200


def load_officials(*, path: Path, as_of: date | None = None) -> dict[str, Any]:
    """Loads one file of officials, recognised by its content; returns the counts.

    Each body that the file speaks for (a state's legislature, its delegation to Congress) changes over to the
    new load in one statement; other bodies stay. as_of is the day the file was true, by default the day it
    was written. Raises BadInput for a file that cannot be read, Refused when nobody in it holds an office.
    """
    records = read_records(path)
    first = next(records, None)
    if first is None:
        raise Refused(f"{path.name} has no record; nothing was loaded.")
    kind = kind_of(path, first)
    every = chain([first], records)
    if kind == "addition":
        return _add(path, [addition_of(record) for record in every])
    skipped: Counter[str] = Counter()
    people = _people(kind, every, skipped)
    if not people:
        raise Refused(f"{path.name} has nobody with an office; nothing was loaded. Left out: {dict(skipped)}")
    as_of = min(as_of or _written(path), timezone.localdate())
    source = Source.objects.create(name=path.name[:200], kind=kind, as_of=as_of, people=len(people))
    try:
        _write(source, people)
    except BaseException:
        source.delete()
        raise
    gone = _take_over(source, {person.scope for person in people})
    return {
        "kind": kind,
        "as_of": str(as_of),
        "stale": source.is_stale(timezone.localdate()),
        "loaded": len(people),
        "bodies": source.scopes.count(),
        "gone": gone,
        "skipped": dict(skipped),
    }


def _written(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date()


def _people(kind: str, records: Iterable[dict[str, Any]], skipped: Counter[str]) -> list[OfficialRecord]:
    """Everybody with a term, one entry a person; a person listed twice keeps the terms of both."""
    make = openstates_person if kind == "openstates" else congress_person
    found: dict[str, OfficialRecord] = {}
    for record in records:
        person = _person(make, record, skipped)
        if person is None:
            skipped["a person without an office"] += 1
        elif person.key in found:
            known = found[person.key]
            known.terms += [term for term in person.terms if term not in known.terms]
            skipped["a person listed twice"] += 1
        else:
            found[person.key] = person
    return list(found.values())


def _person(make: Any, record: dict[str, Any], skipped: Counter[str]) -> OfficialRecord | None:
    try:
        person: OfficialRecord | None = make(record, skipped)
    except (KeyError, TypeError, AttributeError, ValueError):
        skipped["a record of another form"] += 1
        return None
    return person if person is None or person.name else None


def _portions(items: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(items)
    while portion := list(islice(rest, PORTION)):
        yield portion


def _write(source: Source, people: list[OfficialRecord]) -> None:
    """Writes everybody beside what is live; nobody sees them yet."""
    names = sorted({person.scope for person in people})
    Scope.objects.bulk_create([Scope(name=name) for name in names], ignore_conflicts=True)
    scopes = {scope.name: scope for scope in Scope.objects.filter(name__in=names)}
    offices = _offices({(term.division, term.role) for person in people for term in person.terms})
    added = _additions({person.key for person in people})
    for portion in _portions(people):
        with transaction.atomic():
            made = Official.objects.bulk_create(
                [_official(person, scopes[person.scope], source, added.get(person.key)) for person in portion]
            )
            Holding.objects.bulk_create(
                Holding(official=official, office_id=offices[term.division, term.role], start=term.start, end=term.end)
                for official, person in zip(made, portion, strict=True)
                for term in person.terms
            )


def _official(person: OfficialRecord, scope: Scope, source: Source, added: Official | None) -> Official:
    """A row of a person, with what an addition gave to the row before it."""
    extra = [each for each in added.offices if each.get("kind") == "district"] if added else []
    return Official(
        scope=scope,
        source=source,
        key=person.key[:80],
        name=person.name[:200],
        party=person.party[:80],
        email=person.email[:254],
        offices=person.offices + extra,
        links=person.links,
        accounts=(added.accounts if added else {}) | person.accounts,
    )


def _additions(keys: set[str]) -> dict[str, Official]:
    """The live rows of members of Congress, to whom additions are made."""
    if not any(key.startswith("bioguide/") for key in keys):
        return {}
    return {each.key: each for each in _live_officials().filter(key__startswith="bioguide/")}


def _live_officials() -> Any:
    from django.db.models import F

    return Official.objects.filter(source=F("scope__source"))


def _offices(wanted: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    for portion in _portions(sorted(wanted)):
        Office.objects.bulk_create(
            [Office(division=division[:200], role=role[:60]) for division, role in portion], ignore_conflicts=True
        )
    found = {(each.division, each.role): each.pk for each in Office.objects.all()}
    return {key: found[key[0][:200], key[1][:60]] for key in wanted}


def _take_over(source: Source, names: set[str]) -> int:
    """Makes a load speak for its bodies; returns how many people the loads before it had that it lacks."""
    before = set(_live_officials().filter(scope__name__in=names).values_list("key", flat=True))
    after = set(source.officials.values_list("key", flat=True))
    Scope.objects.filter(name__in=names).update(source=source)
    _changed({source.pk})
    for old in Source.objects.exclude(pk=source.pk).filter(scopes=None):
        for portion in _portions(old.officials.values_list("pk", flat=True)):
            Official.objects.filter(pk__in=portion).delete()
        old.delete()
    return len(before - after)


def _changed(sources: set[int]) -> None:
    """Tells every process that what it keeps of these loads is old."""
    Source.objects.filter(pk__in=sources).update(changed_at=timezone.now())
    forget_holdings()
    page_cache.published()


def _add(path: Path, additions: list[Addition]) -> dict[str, Any]:
    """Gives district offices or accounts to the officials that are live."""
    live = {each.key: each for each in _live_officials().filter(key__startswith="bioguide/")}
    known = [each for each in additions if each.key in live]
    if not known:
        raise Refused(f"{path.name} adds to members of Congress, and none of them is loaded. Load them first.")
    for portion in _portions(known):
        rows = [live[each.key] for each in portion]
        for row, each in zip(rows, portion, strict=True):
            if each.offices:
                row.offices = [office for office in row.offices if office.get("kind") != "district"] + each.offices
            row.accounts = row.accounts | each.accounts
        Official.objects.bulk_update(rows, ["offices", "accounts"])
    _changed({live[each.key].source_id for each in known})
    return {"kind": "addition", "loaded": len(known), "skipped": {"nobody of that id": len(additions) - len(known)}}
