"""Corrections of public data: stewards write them, and they are exported in the format of the source.

A division's correction is a row for the Open Civic Data list (CSV); a person's is a file for Open States (YAML).
Corrections do not change live data, which therefore always equals the loaded files; the next load of the corrected
source does.
"""

import csv
import io
import uuid
from collections.abc import Iterable
from datetime import date
from typing import Final

import yaml
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import F

from apps.audit import services as audit
from apps.core.errors import BadInput

from .models import Correction, Official

CHAMBERS: Final = {"sldu": "upper", "sldl": "lower"}
OCD_COLUMNS: Final = ("id", "name", "sameAs", "sameAsNote", "validThrough", "validFrom")
# A fixed namespace, so that the same person in the same office always gets the same id.
PERSON_NAMESPACE: Final = uuid.UUID("5d3c6a1e-3f0b-4f6e-9a77-1d2f4c8b9e10")


@transaction.atomic
def correct_division(
    *,
    actor: AbstractBaseUser,
    reason: str,
    division: str,
    name: str,
    source: str,
    valid_from: date | None = None,
    valid_through: date | None = None,
    same_as: str = "",
) -> Correction:
    """Record the correct name or dates of a division; raise BadInput that names the invalid field."""
    if valid_from and valid_through and valid_through < valid_from:
        raise BadInput("valid_through is before valid_from.")
    facts = {
        "name": name,
        "sameAs": same_as,
        "validFrom": str(valid_from or ""),
        "validThrough": str(valid_through or ""),
    }
    return _create_correction(actor, reason, Correction.Kind.DIVISION, division, source, facts)


@transaction.atomic
def correct_person(
    *,
    actor: AbstractBaseUser,
    reason: str,
    division: str,
    name: str,
    role: str,
    source: str,
    start: date,
    end: date | None = None,
) -> Correction:
    """Record who holds an office of a division, and since when; raise BadInput that names the invalid field."""
    if end and end < start:
        raise BadInput("end is before start.")
    facts = {"name": name, "role": role, "start": str(start), "end": str(end or "")}
    return _create_correction(actor, reason, Correction.Kind.PERSON, division, source, facts)


def _create_correction(
    actor: AbstractBaseUser, reason: str, kind: str, division: str, source: str, facts: dict[str, str]
) -> Correction:
    correction: Correction = Correction.objects.create(kind=kind, division=division, source=source, facts=facts)
    audit_facts: dict[str, int | str] = {"division": division}
    audit.log_write(actor=actor, action="correction.written", subject=correction, facts=audit_facts, reason=reason)
    return correction


def divisions_csv(corrections: Iterable[Correction]) -> str:
    """Return CSV rows in the columns of the Open Civic Data list of ids."""
    out = io.StringIO()
    writer = csv.DictWriter(out, OCD_COLUMNS, restval="", lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for correction in corrections:
        note = f"See {correction.source}"
        writer.writerow({"id": correction.division, "sameAsNote": note, **correction.facts})
    return out.getvalue()


def person_yaml(correction: Correction) -> str:
    """Return a person in the YAML format of Open States."""
    facts = correction.facts
    jurisdiction, district = _jurisdiction_and_district(correction.division)
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
    """Return this holder's Open States id, or else a stable generated id."""
    facts = correction.facts
    live = Official.objects.filter(source=F("scope__source"), key__startswith="ocd-person/", name=facts["name"])
    known = live.filter(holdings__office__division=correction.division).first()
    own_id = uuid.uuid5(PERSON_NAMESPACE, f"{correction.division} {facts['role']} {facts['name']}")
    return known.key if known else f"ocd-person/{own_id}"


def _jurisdiction_and_district(division: str) -> tuple[str, str]:
    """Return the jurisdiction and the district's name in Open States' format."""
    before, _, last = division.rpartition("/")
    kind, _, name = last.partition(":")
    place = before if kind in CHAMBERS else division
    district = name.replace("_", " ").title() if kind in CHAMBERS else ""
    return f"ocd-jurisdiction/{place.removeprefix('ocd-division/')}/government", district
