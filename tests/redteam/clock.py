"""The simulated clock of an installation: as days pass, every stored time moves back. No process is touched.

Left where they are: rolls, boundaries and elections, which have dates of their own, and the audit log, which refuses.
"""

from typing import Final

from django.apps import apps
from django.db import connection, models, transaction

FIXED: Final = {"audit", "voters", "officials", "districts", "sitesearch", "privacy", "waffle", "sessions"}


def pass_days(days: int) -> None:
    """Let days pass for everything that the installation stored."""
    with transaction.atomic(), connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.app_label in FIXED or model._meta.proxy:
                continue
            for field in model._meta.local_fields:
                if isinstance(field, models.DateField) and field.column:
                    # In two steps: days of a counter are unique, and a statement must not pass one on its way.
                    for shift in (-days - 40_000, 40_000):
                        cursor.execute(_statement(model._meta.db_table, field, shift))


def _statement(table: str, field: "models.DateField[object, object]", shift: int) -> str:
    column = f'"{field.column}"'
    if connection.vendor == "postgresql":
        moved = f"{column} + interval '{shift} days'"
    elif isinstance(field, models.DateTimeField):
        moved = f"strftime('%Y-%m-%d %H:%M:%f', {column}, '{shift} days')"
    else:
        moved = f"date({column}, '{shift} days')"
    return f'UPDATE "{table}" SET {column} = {moved} WHERE {column} IS NOT NULL'
