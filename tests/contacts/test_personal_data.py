"""Registration, export and erasure of personal data; encryption at rest."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.db import connection

from apps.accounts.models import User
from apps.contacts.imports import previews
from apps.contacts.models import (
    ColumnMapping,
    Contact,
    ContactKey,
    ContactsVersion,
    Import,
    ImportedRow,
    ImportPart,
)
from apps.privacy import registry as privacy
from tests.contacts.helpers import import_file

pytestmark = pytest.mark.django_db


def test_personal_data_is_exported_and_erased(member: User, other_member: User, run_jobs: Callable[[], int]) -> None:
    import_file(member, b"Name,Email\nAnn Lee,ann@example.org\n", run_jobs)
    import_file(other_member, b"Name\nBob Ray\n", run_jobs)
    previews.start_file(owner=member, stream=BytesIO(b"Name\nCy Poe\n"))
    ColumnMapping.objects.create(owner=member, header=b"x" * 16, fields={"0": "full"})
    exported = privacy.export_all(member)
    assert exported["contacts.Contact"]["rows"][0]["emails"] == ["ann@example.org"]
    assert exported["contacts.Import"]["rows"][0]["file_name"] == "f.csv"
    privacy.erase_all(member)
    for model in (Contact, Import, ImportedRow, ContactKey, ContactsVersion):
        assert model.objects.exists()  # the other member's
    assert not Contact.objects.filter(owner_id=member.pk).exists()
    assert Import.objects.count() == 1
    assert not ImportPart.objects.filter(contact_import__owner=member).exists()


def test_every_model_is_registered() -> None:
    assert not [label for label in privacy.unregistered() if label.startswith("contacts.")]


def test_the_retention_table_lists_contacts() -> None:
    assert {"contacts"} <= {rule.name for rule in privacy.retention_table()}


def test_a_database_dump_shows_no_names(member: User, run_jobs: Callable[[], int]) -> None:
    import_file(member, b"Name,Email,Phone,Street,City\nZerubbabel Quock,zq@example.org,919-555-0142,77 Elm St,Tarn\n")
    previews.start_file(owner=member, stream=BytesIO(b"Name,Email\nZerubbabel Quock,zq@example.org\n"))
    run_jobs()
    dump = []
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{name}"')
            dump += [str(value) for row in cursor.fetchall() for value in row]
    text = "\n".join(dump).lower()
    for marker in ("zerubbabel", "quock", "zq@", "5550142", "77 elm", "tarn"):
        assert marker not in text
