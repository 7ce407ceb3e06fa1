"""Load files of officials; each body goes live in one statement."""

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

from .cache import clear_cache
from .formats import (
    Addition,
    OfficialRecord,
    detect_format,
    parse_addition,
    parse_congress_person,
    parse_openstates_person,
    read_records,
)
from .models import Holding, Office, Official, Scope, Source

# People per transaction: about 20 ms, so that web requests do not wait for a load.
BATCH_SIZE = 200


def load_officials(*, path: Path, as_of: date | None = None) -> dict[str, Any]:
    """Load one file of officials, whose format is detected by its content; return the counts.

    Replaces each body in the file (a state's legislature, its delegation to Congress) in one statement; other bodies
    stay. `as_of` is the date of the data, by default the file's modification date. Raises BadInput for an unreadable
    file, Refused if no one in it holds an office.
    """
    records = read_records(path)
    first = next(records, None)
    if first is None:
        raise Refused(f"{path.name} has no record; nothing was loaded.")
    kind = detect_format(path, first)
    all_records = chain([first], records)
    if kind == "addition":
        return _apply_additions(path, [parse_addition(record) for record in all_records])
    skipped: Counter[str] = Counter()
    people = _parse_people(kind, all_records, skipped)
    if not people:
        raise Refused(f"{path.name} has no one with an office; nothing was loaded. Skipped: {dict(skipped)}")
    as_of = min(as_of or _file_date(path), timezone.localdate())
    source = Source.objects.create(name=path.name[:200], kind=kind, as_of=as_of, people=len(people))
    try:
        _write_people(source, people)
    except BaseException:
        source.delete()
        raise
    gone = _make_live(source, {person.scope for person in people})
    return {
        "kind": kind,
        "as_of": str(as_of),
        "stale": source.is_stale(timezone.localdate()),
        "loaded": len(people),
        "bodies": source.scopes.count(),
        "gone": gone,
        "skipped": dict(skipped),
    }


def _file_date(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date()


def _parse_people(kind: str, records: Iterable[dict[str, Any]], skipped: Counter[str]) -> list[OfficialRecord]:
    """Return people with terms, one record per person; merges the terms of a person listed twice."""
    make = parse_openstates_person if kind == "openstates" else parse_congress_person
    found: dict[str, OfficialRecord] = {}
    for record in records:
        person = _parse_person(make, record, skipped)
        if person is None:
            skipped["a person without an office"] += 1
        elif person.key in found:
            known = found[person.key]
            known.terms += [term for term in person.terms if term not in known.terms]
            skipped["a person listed twice"] += 1
        else:
            found[person.key] = person
    return list(found.values())


def _parse_person(make: Any, record: dict[str, Any], skipped: Counter[str]) -> OfficialRecord | None:
    try:
        person: OfficialRecord | None = make(record, skipped)
    except (KeyError, TypeError, AttributeError, ValueError):
        skipped["a record in another format"] += 1
        return None
    return person if person is None or person.name else None


def _in_batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    remaining = iter(items)
    while batch := list(islice(remaining, BATCH_SIZE)):
        yield batch


def _write_people(source: Source, people: list[OfficialRecord]) -> None:
    """Write people, offices and holdings, which are not live yet."""
    names = sorted({person.scope for person in people})
    Scope.objects.bulk_create([Scope(name=name) for name in names], ignore_conflicts=True)
    scopes = {scope.name: scope for scope in Scope.objects.filter(name__in=names)}
    offices = _office_ids({(term.division, term.role) for person in people for term in person.terms})
    added = _live_congress_members({person.key for person in people})
    for batch in _in_batches(people):
        with transaction.atomic():
            officials_created = Official.objects.bulk_create(
                [_official(person, scopes[person.scope], source, added.get(person.key)) for person in batch]
            )
            Holding.objects.bulk_create(
                Holding(official=official, office_id=offices[term.division, term.role], start=term.start, end=term.end)
                for official, person in zip(officials_created, batch, strict=True)
                for term in person.terms
            )


def _official(person: OfficialRecord, scope: Scope, source: Source, added: Official | None) -> Official:
    """Return the row of a person, with additions to the previous row."""
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


def _live_congress_members(keys: set[str]) -> dict[str, Official]:
    """Return the live rows of members of Congress by key; additions exist for them only."""
    if not any(key.startswith("bioguide/") for key in keys):
        return {}
    return {each.key: each for each in _live_officials().filter(key__startswith="bioguide/")}


def _live_officials() -> Any:
    from django.db.models import F

    return Official.objects.filter(source=F("scope__source"))


def _office_ids(wanted: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    for batch in _in_batches(sorted(wanted)):
        Office.objects.bulk_create(
            [Office(division=division[:200], role=role[:60]) for division, role in batch], ignore_conflicts=True
        )
    found = {(each.division, each.role): each.pk for each in Office.objects.all()}
    return {key: found[key[0][:200], key[1][:60]] for key in wanted}


def _make_live(source: Source, names: set[str]) -> int:
    """Make a load live for its bodies and delete replaced loads; return how many people are gone."""
    before = set(_live_officials().filter(scope__name__in=names).values_list("key", flat=True))
    after = set(source.officials.values_list("key", flat=True))
    Scope.objects.filter(name__in=names).update(source=source)
    _publish_changes({source.pk})
    for old in Source.objects.exclude(pk=source.pk).filter(scopes=None):
        for batch in _in_batches(old.officials.values_list("pk", flat=True)):
            Official.objects.filter(pk__in=batch).delete()
        old.delete()
    return len(before - after)


def _publish_changes(sources: set[int]) -> None:
    """Invalidate the caches of all processes, and cached pages."""
    Source.objects.filter(pk__in=sources).update(changed_at=timezone.now())
    clear_cache()
    page_cache.published()


def _apply_additions(path: Path, additions: list[Addition]) -> dict[str, Any]:
    """Add district offices or accounts to live officials."""
    live = {each.key: each for each in _live_officials().filter(key__startswith="bioguide/")}
    known = [each for each in additions if each.key in live]
    if not known:
        raise Refused(f"{path.name} adds to members of Congress, but none of them is loaded. Load them first.")
    for batch in _in_batches(known):
        rows = [live[each.key] for each in batch]
        for row, each in zip(rows, batch, strict=True):
            if each.offices:
                row.offices = [office for office in row.offices if office.get("kind") != "district"] + each.offices
            row.accounts = row.accounts | each.accounts
        Official.objects.bulk_update(rows, ["offices", "accounts"])
    _publish_changes({live[each.key].source_id for each in known})
    return {"kind": "addition", "loaded": len(known), "skipped": {"an unknown id": len(additions) - len(known)}}
