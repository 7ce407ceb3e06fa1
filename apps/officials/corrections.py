"""Corrections of public data: written by stewards, kept here, and exported in the form that the source takes.

A division's correction is a row for the Open Civic Data list (CSV); a person's is a file for Open States (YAML). The
live data changes with the next load of the mended source, so that an installation never differs from its files
unnoticed; until then the correction is what a colleague or the source's keepers can act on.
"""

import csv
import io
import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import yaml
from django.db import transaction
from django.db.models import F

from apps.audit import services as audit
from apps.core.errors import BadInput

from .models import Correction, Official

CHAMBERS: Final = {"sldu": "upper", "sldl": "lower"}
OCD_COLUMNS: Final = ("id", "name", "sameAs", "sameAsNote", "validThrough", "validFrom")
# Any fixed namespace of ours: the same person of the same office always gets the same id.
PEOPLE: Final = uuid.UUID("5d3c6a1e-3f0b-4f6e-9a77-1d2f4c8b9e10")


@transaction.atomic
def correct_division(
    *,
    actor: Any,
    reason: str,
    division: str,
    name: str,
    source: str,
    valid_from: date | None = None,
    valid_through: date | None = None,
    same_as: str = "",
) -> Correction:
    """Writes what a division should be called, or from when to when it exists. Raises BadInput naming the field."""
    if valid_from and valid_through and valid_through < valid_from:
        raise BadInput("valid_through lies before valid_from.")
    facts = {
        "name": name,
        "sameAs": same_as,
        "validFrom": str(valid_from or ""),
        "validThrough": str(valid_through or ""),
    }
    return _made(actor, reason, Correction.Kind.DIVISION, division, source, facts)


@transaction.atomic
def correct_person(
    *, actor: Any, reason: str, division: str, name: str, role: str, source: str, start: date, end: date | None = None
) -> Correction:
    """Writes who holds an office of a division, and since when. Raises BadInput naming the field."""
    if end and end < start:
        raise BadInput("end lies before start.")
    facts = {"name": name, "role": role, "start": str(start), "end": str(end or "")}
    return _made(actor, reason, Correction.Kind.PERSON, division, source, facts)


def _made(actor: Any, reason: str, kind: str, division: str, source: str, facts: dict[str, str]) -> Correction:
    made: Correction = Correction.objects.create(kind=kind, division=division, source=source, facts=facts)
    audit.log_write(actor=actor, action="correction.written", subject=made, facts={"division": division}, reason=reason)
    return made


def divisions_csv(corrections: Iterable[Correction]) -> str:
    """Return the rows for the list of Open Civic Data ids, in its columns."""
    out = io.StringIO()
    writer = csv.DictWriter(out, OCD_COLUMNS, restval="", lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for each in corrections:
        writer.writerow({"id": each.division, "sameAsNote": f"See {each.source}", **each.facts})
    return out.getvalue()


def person_yaml(correction: Correction) -> str:
    """Return a person in the form of Open States' own files."""
    facts = correction.facts
    jurisdiction, district = _office(correction.division)
    role = {"type": facts["role"], "district": district, "jurisdiction": jurisdiction}
    role |= {"start_date": facts["start"], "end_date": facts["end"]}
    person = {
        "id": _person_id(correction),
        "name": facts["name"],
        "roles": [{key: value for key, value in role.items() if value}],
        "sources": [{"url": correction.source}],
    }
    return yaml.safe_dump(person, sort_keys=False, allow_unicode=True)


def _person_id(correction: Correction) -> str:
    """Return the id that Open States has for this holder, else one that is the same at each export."""
    facts = correction.facts
    live = Official.objects.filter(source=F("scope__source"), key__startswith="ocd-person/", name=facts["name"])
    known = live.filter(holdings__office__division=correction.division).first()
    made = uuid.uuid5(PEOPLE, f"{correction.division} {facts['role']} {facts['name']}")
    return known.key if known else f"ocd-person/{made}"


def _office(division: str) -> tuple[str, str]:
    """Return the jurisdiction and the district's own name, as Open States writes them."""
    before, _, last = division.rpartition("/")
    kind, _, name = last.partition(":")
    place = before if kind in CHAMBERS else division
    district = name.replace("_", " ").title() if kind in CHAMBERS else ""
    return f"ocd-jurisdiction/{place.removeprefix('ocd-division/')}/government", district
