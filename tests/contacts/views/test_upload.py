"""Pages that start an import."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.contacts import serialization
from apps.contacts.models import Contact, Import
from apps.contacts.parsing.types import MAX_FILE_BYTES
from tests.contacts.dialects import DIALECTS, FRIENDS
from tests.contacts.helpers import page_text, upload

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_can_be_uploaded(nora: Client, run_jobs: Callable[[], int], name: str) -> None:
    preview = upload(nora, DIALECTS[name](FRIENDS))
    assert "We read 4 people" in page_text(preview)
    assert not Contact.objects.exists()
    draft = Import.objects.get()
    nora.post(reverse("contacts:confirm", args=[draft.pk]))
    run_jobs()
    assert "4 people are in" in page_text(nora.get(reverse("contacts:import", args=[draft.pk])))
    assert Contact.objects.count() == 4


def test_a_pasted_list_and_one_person_are_imported(nora: Client, run_jobs: Callable[[], int]) -> None:
    preview = nora.post(reverse("contacts:paste"), {"text": "Ann Lee, Tarn\nBob Ray, 919-555-0101"}, follow=True)
    assert "We read 2 people" in page_text(preview)
    nora.post(reverse("contacts:confirm", args=[Import.objects.get().pk]))
    nora.post(reverse("contacts:one"), {"first": "Cy", "last": "Poe", "zip": "00417"})
    run_jobs()
    home = page_text(nora.get(reverse("contacts:home")))
    assert all(name in home for name in ("Ann Lee", "Bob Ray", "Cy Poe"))


def test_an_unidentifiable_person_is_refused(nora: Client) -> None:
    answer = nora.post(reverse("contacts:one"), {"city": "Tarn"})
    assert answer.status_code == 422
    assert "Type a name, an email address or a phone number." in page_text(answer)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04zip", b"\x00\x01\x02" * 99])
def test_other_files_are_refused_at_their_field(nora: Client, data: bytes) -> None:
    answer = upload(nora, data)
    assert answer.status_code == 422
    assert not Import.objects.exists()


def test_an_upload_over_100_mb_is_rejected_unread(nora: Client) -> None:
    answer = nora.post(reverse("contacts:bring"), b"", content_type="text/csv", CONTENT_LENGTH=str(MAX_FILE_BYTES * 2))
    assert answer.status_code == 413
    assert "larger than 100 MB" in page_text(answer)


def test_uploads_require_the_csrf_token(member: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(member)
    assert browser.post(reverse("contacts:bring"), {"file": SimpleUploadedFile("a", b"Name\nAnn")}).status_code == 403


def test_column_mappings_are_remembered(nora: Client, run_jobs: Callable[[], int]) -> None:
    preview = upload(nora, b"Wer,Erreichbar\nAnn Lee,ann@example.org\n")
    assert "Which column is what?" in page_text(preview)
    draft = Import.objects.get()
    nora.post(reverse("contacts:columns", args=[draft.pk]), {"column-0": "full", "column-1": "email"})
    assert "We read 1 person" in page_text(nora.get(reverse("contacts:import", args=[draft.pk])))
    again = upload(nora, b"Wer,Erreichbar\nBob Ray,bob@example.org\n")
    assert "We read 1 person" in page_text(again)
    assert "Bob Ray" in page_text(again)


def test_confirming_twice_imports_once(nora: Client, run_jobs: Callable[[], int]) -> None:
    upload(nora, b"Name\nAnn Lee\n")
    draft = Import.objects.get()
    for _ in range(2):
        nora.post(reverse("contacts:confirm", args=[draft.pk]))
    run_jobs()
    assert Contact.objects.count() == 1


@pytest.mark.parametrize("name", ["../../x.csv", "a\r\nSet-Cookie: b=c.csv", "x" * 4096 + ".csv", "a\u202evsc.exe.csv"])
def test_hostile_file_names_reach_no_header_or_folder(nora: Client, settings: Any, name: str) -> None:
    answer = upload(nora, b"Name,Email\nAnn Lee,ann@example.org\n", name)
    assert "We read 1 person" in page_text(answer)
    assert "b" not in answer.cookies
    assert "\u202e" not in answer.content.decode()
    kept = [path.name for path in settings.DATA_DIR.rglob("*") if path.is_file()]
    assert not [one for one in kept if one.endswith(("x.csv", "=c.csv", "exe.csv"))]


def test_any_column_can_be_corrected_without_javascript(nora: Client) -> None:
    preview = upload(nora, b"Last Name,First Name,Phone,Notes\nAnn,Lee,701-555-0101,Tarn\n")
    assert "Lee Ann" in page_text(preview)
    chosen = preview.content.decode()
    assert '<option value="last" selected>' in chosen  # the form shows what each column was read as
    draft = Import.objects.get()
    fields = {"column-0": "first", "column-1": "last", "column-2": "", "column-3": "city"}
    corrected = nora.post(reverse("contacts:columns", args=[draft.pk]), fields, follow=True)
    text = page_text(corrected)
    assert "Ann Lee" in text
    assert "Tarn" in text
    assert "(701) 555-0101" not in text


def test_correcting_one_column_keeps_the_addresses_of_the_others_apart(
    nora: Client, run_jobs: Callable[[], int]
) -> None:
    header = b"Name,Home Street,Home City,Work Street,Work City,Remark\n"
    upload(nora, header + b"Ann Lee,12 Elm St,Tarn,1 Work St,Millrace,ann@example.org\n")
    draft = Import.objects.get()
    fields = {"column-0": "full", "column-1": "street", "column-2": "city", "column-3": "street", "column-4": "city",
              "column-5": "email"}  # fmt: skip
    nora.post(reverse("contacts:columns", args=[draft.pk]), fields)
    nora.post(reverse("contacts:confirm", args=[draft.pk]))
    run_jobs()
    person = serialization.load_contact(Contact.objects.get().data)
    assert [place[:2] for place in person.places] == [("12 Elm St", "Tarn"), ("1 Work St", "Millrace")]
    assert person.emails == ("ann@example.org",)


def test_a_file_without_a_header_is_asked_about_and_loses_nobody(nora: Client) -> None:
    preview = upload(nora, b"Ann,Lee,ann@example.org\nBob,Miller,bob@example.org\n")
    assert "its first row is a person already" in page_text(preview)
    draft = Import.objects.get()
    assert draft.total == 2
    fields = {"column-0": "first", "column-1": "last", "column-2": "email", "first_row": "person"}
    asked = nora.post(reverse("contacts:columns", args=[draft.pk]), fields, follow=True)
    assert "We read 2 people" in page_text(asked)
    as_header = nora.post(reverse("contacts:columns", args=[draft.pk]), fields | {"first_row": "header"}, follow=True)
    assert "We read 1 person" in page_text(as_header)


def test_the_preview_says_what_is_left_out(nora: Client) -> None:
    rows = b"Ann Lee,1.70156E+10,31/12/1980\nAcme Inc.,7015550101,\nBob Ray,7015550102,05/06/1981\n"
    text = page_text(upload(nora, b"Name,Cell,Birthday\n" + rows))
    assert "We read 2 people" in text
    assert "Not people, so we leave them out: organization (1)" in text
    assert "Line 3: Acme Inc. (organization)" in text
    assert "\u201cCell\u201d: 1 value, line 2" in text
    assert "We read the dates of \u201cBirthday\u201d as written: Day first" in text


def test_dates_without_an_order_stop_the_preview_until_one_is_chosen(nora: Client) -> None:
    preview = page_text(upload(nora, b"Name,Birthday\nAnn Lee,010203\n"))
    assert "does not show whether month, day or year comes first" in preview
    assert "Bring in 1 person" not in preview
    draft = Import.objects.get()
    fields = {"column-0": "full", "column-1": "birthday", "date_order": "month"}
    chosen = nora.post(reverse("contacts:columns", args=[draft.pk]), fields, follow=True)
    assert "Bring in 1 person" in page_text(chosen)
