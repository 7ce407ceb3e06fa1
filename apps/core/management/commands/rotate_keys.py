"""Encrypt every secret with the first of FIELD_KEYS, so that the other keys can be removed.

Encrypted fields are found by their type. Apps register other encrypted values (crypto.register_rotation).
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from apps.core import crypto
from apps.core.commands import VotekinCommand, progress
from apps.core.crypto import EncryptedTextField, rotate
from apps.core.member_crypto import PREFIX
from apps.core.types import OptionValue

BATCH = 200


class Command(VotekinCommand):
    """`rotate_keys [--dry-run]`. It may be interrupted and run again, and runs while the site is in use."""

    help = "Encrypt all encrypted fields with the first key of FIELD_KEYS. Then older keys can be dropped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --dry-run."""
        parser.add_argument("--dry-run", action="store_true", help="Count the values, change nothing.")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Rotate the fields of every model; return the number of values per field."""
        values: dict[str, int] = {}
        for model, field in encrypted_fields():
            rows = _tokens(model, field)
            total = model._default_manager.exclude(**{field.name: ""}).count()  # an estimate: includes members' values
            done = 0
            for pk, token in progress(rows, label=model._meta.label, total=total, unit="values"):
                done += 1 if options["dry_run"] else _rotated(model, field, pk, token)
            values[f"{model._meta.label}.{field.name}"] = done
        for name, rotate_all in sorted(crypto.rotations.items()):
            values[name] = rotate_all(options["dry_run"])
        return {"values": sum(values.values()), "fields": values, "dry_run": options["dry_run"]}


def encrypted_fields() -> Iterator[tuple[type[models.Model], EncryptedTextField]]:
    """Yield every encrypted field with its model."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field


def _names(model: type[models.Model], field: EncryptedTextField) -> tuple[str, str, str]:
    quote = connection.ops.quote_name
    pk = model._meta.pk
    return quote(model._meta.db_table), quote(str(field.column)), quote(str(pk.column) if pk else "id")


def _tokens(model: type[models.Model], field: EncryptedTextField) -> Iterator[tuple[Any, str]]:
    """Yield (primary key, ciphertext) in batches, by raw SQL because the field would decrypt.

    Omits values under the keys of members: those keys are wrapped again, the values stay.
    """
    table, column, pk = _names(model, field)
    select = f"SELECT {pk}, {column} FROM {table} WHERE {column} <> '' AND {column} NOT LIKE %s"  # noqa: S608
    sql = f"{select} AND {pk} > %s ORDER BY {pk} LIMIT {BATCH}"
    first = f"{select} ORDER BY {pk} LIMIT {BATCH}"
    with connection.cursor() as cursor:
        cursor.execute(first, [f"{PREFIX}:%"])
        while rows := cursor.fetchall():
            yield from rows
            cursor.execute(sql, [f"{PREFIX}:%", rows[-1][0]])


def _rotated(model: type[models.Model], field: EncryptedTextField, pk: Any, token: str) -> int:
    """Write a value encrypted with the new key, unless it has changed meanwhile; return the number of rows."""
    table, column, key = _names(model, field)
    with transaction.atomic(), connection.cursor() as cursor:
        sql = f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s"  # noqa: S608
        cursor.execute(sql, [rotate(token), pk, token])
        return int(cursor.rowcount)
