"""Election offices of counties and states, as the elections file names them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from django.core.exceptions import ValidationError

from apps.core.errors import BadInput

from .models import ElectionOffice

# The kind of a row that names an office and no election.
KIND: Final = "office"
FIELDS: Final = ("name", "phone", "address", "hours", "url")
UPDATED: Final = (*FIELDS, "source", "checked")


def read(path: Path, number: int, row: Mapping[str, str]) -> ElectionOffice | None:
    """Return the office that a row names, or None; raise BadInput naming the row and the column."""
    where = f"{path.name}, row {number}"
    if not row.get("office_name"):
        if row.get("kind") == KIND:
            raise BadInput(f"{where}: office_name is empty.")
        return None
    if not row.get("division", "").startswith("ocd-division/"):
        raise BadInput(f"{where}: division must be an OCD id (ocd-division/...).")
    fields = {name: row.get(f"office_{name}", "") for name in FIELDS}
    office = ElectionOffice(
        division=row["division"], source=row.get("source", ""), checked=row.get("checked") or None, **fields
    )
    try:
        office.full_clean(validate_unique=False)
    except ValidationError as error:
        column, reasons = next(iter(error.message_dict.items()))
        named = f"office_{column}" if column in FIELDS else column
        raise BadInput(f"{where}: {named}: {' '.join(reasons)}") from error
    return office


def save(offices: Iterable[ElectionOffice]) -> None:
    """Save offices, one of a division; a later row replaces an earlier one."""
    by_division = {office.division: office for office in offices}
    ElectionOffice.objects.bulk_create(
        by_division.values(), update_conflicts=True, unique_fields=["division"], update_fields=UPDATED
    )
