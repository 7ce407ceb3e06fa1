"""Pages of an import."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts.models import Contact, Import
from apps.contacts.views.import_progress import time_left
from tests.contacts.helpers import import_file, page_text, upload

pytestmark = pytest.mark.django_db


def test_bad_rows_are_shown_and_downloadable(nora: Client, run_jobs: Callable[[], int]) -> None:
    preview = upload(nora, b"Name,Email\nAnn Lee,ann@example.org\n=1+1,Ray,bob@example.org\n")
    assert "1 line can’t be read. The other 1 go in." in page_text(preview)
    assert "Line 3: 3 columns, the header has 2. Look for a stray comma or quote." in page_text(preview)
    draft = Import.objects.get()
    nora.post(reverse("contacts:confirm", args=[draft.pk]))
    run_jobs()
    rows = nora.get(reverse("contacts:bad_rows", args=[draft.pk]))
    assert "'=1+1,Ray,bob@example.org" in rows.content.decode()
    assert "attachment" in rows.headers["Content-Disposition"]


def test_progress_polls_until_the_import_ends(nora: Client, run_jobs: Callable[[], int]) -> None:
    upload(nora, b"Name\nAnn Lee\n")
    draft = Import.objects.get()
    nora.post(reverse("contacts:confirm", args=[draft.pk]))
    page = nora.get(reverse("contacts:import", args=[draft.pk])).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert "Refresh" in page
    slip = nora.get(reverse("contacts:slip", args=[draft.pk]))
    assert "HX-Refresh" not in slip.headers
    run_jobs()
    assert nora.get(reverse("contacts:slip", args=[draft.pk])).headers["HX-Refresh"] == "true"


def test_an_import_can_be_undone(nora: Client, run_jobs: Callable[[], int]) -> None:
    upload(nora, b"Name\nAnn Lee\n")
    draft = Import.objects.get()
    nora.post(reverse("contacts:confirm", args=[draft.pk]))
    run_jobs()
    nora.post(reverse("contacts:undo", args=[draft.pk]))
    run_jobs()
    assert not Contact.objects.exists()
    assert "taken back" in page_text(nora.get(reverse("contacts:import", args=[draft.pk])))


def test_imports_are_listed(nora: Client, member: User) -> None:
    import_file(member, b"Name\nAnn Lee\n")
    assert "f.csv" in page_text(nora.get(reverse("contacts:imports")))


def test_the_announcement_counts_finished_rows(nora: Client, member: User, run_jobs: Callable[[], int]) -> None:
    current = import_file(member, b"Name\nAnn Lee\nBob Ray\n")
    address = reverse("contacts:said", args=[current.pk])
    assert nora.get(address).content == b"0 of 2 done."
    run_jobs()
    assert nora.get(address).content == b"2 of 2 done."


def test_the_time_left_follows_the_pace_so_far() -> None:
    half_done = Import(total=200, done=100, started_at=timezone.now() - timedelta(seconds=30))
    assert time_left(half_done) == "about 30 seconds left"
    half_done.total = 2000
    assert time_left(half_done) == "about 10 minutes left"
    assert time_left(Import(total=200)) == ""
