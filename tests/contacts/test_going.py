"""How contacts go: by time, by wish of the person, with the account; and what of them is exported before."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.contacts.imports import previews
from apps.contacts.models import (
    ColumnMapping,
    Contact,
    ContactKey,
    ContactsVersion,
    ErasureCount,
    Import,
    ImportedRow,
    ImportPart,
    LookupQuota,
    OptOutRequest,
)
from apps.contacts.services import erasure, opt_out
from apps.privacy import registry as privacy

pytestmark = pytest.mark.django_db


def bring(owner: Any, data: bytes, run_jobs: Callable[[], int]) -> Import:
    """Bring people in."""
    one = previews.confirm(draft=previews.start_file(owner=owner, stream=BytesIO(data), file_name="f.csv"))
    run_jobs()
    return one


def test_contacts_go_when_their_days_are_over(member: Any, run_jobs: Callable[[], int]) -> None:
    one = bring(member, b"Name\nAnn Lee\nBob Ray\n", run_jobs)
    days = Contact.objects.order_by("pk")[0].expires_at - timezone.now()
    assert timedelta(days=29, hours=23) < days <= timedelta(days=30)
    gone = Contact.objects.order_by("pk")[0]
    Contact.objects.filter(pk=gone.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Contact.objects.owned_by(member).count() == 1
    assert erasure.purge_expired() == 1
    assert Contact.objects.count() == ImportedRow.objects.count() == 1
    assert ErasureCount.objects.get().contacts == 1
    one.refresh_from_db()
    assert one.counts == {"no_roll": 2}


def test_bringing_somebody_again_keeps_them_longer(member: Any, run_jobs: Callable[[], int]) -> None:
    bring(member, b"Name\nAnn Lee\n", run_jobs)
    Contact.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    bring(member, b"Name\nAnn Lee\n", run_jobs)
    assert Contact.objects.get().expires_at > timezone.now() + timedelta(days=29)


def test_previews_that_nobody_confirms_go_in_a_day(member: Any) -> None:
    draft = previews.start_file(owner=member, stream=BytesIO(b"Name\nAnn Lee\n"))
    assert previews.purge_stale_drafts() == 0
    Import.objects.filter(pk=draft.pk).update(created_at=timezone.now() - timedelta(hours=25))
    previews.purge_stale_drafts()
    assert not ImportPart.objects.exists()


def test_uploads_of_requests_that_died_go() -> None:
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
    old, new = folder / "old.upload.csv", folder / "new.upload.csv"
    for path in (old, new):
        path.write_bytes(b"Name\nAnn Lee\n")
    os.utime(old, (1, 1))
    assert previews.purge_stray_uploads(True) == 1
    assert old.exists()
    previews.purge_stray_uploads(False)
    assert (old.exists(), new.exists()) == (False, True)
    new.unlink()


def test_who_asks_to_be_left_out_is_left_out(member: Any, other_member: Any, run_jobs: Callable[[], int]) -> None:
    rows = b"Name,Email,Phone\nAnn Lee,Ann@Example.org,\nBob Ray,,919-555-0101\nCy Poe,cy@example.org,\n"
    bring(member, rows, run_jobs)
    assert opt_out.opt_out(email="ann@example.org") == 1
    assert opt_out.opt_out(phone="+1 (919) 555-0101") == 1
    assert Contact.objects.count() == 1
    one = bring(other_member, rows, run_jobs)
    one.refresh_from_db()
    assert (one.new, one.same, one.opted_out) == (1, 0, 2)


def test_what_is_held_is_exported_and_erased(member: Any, other_member: Any, run_jobs: Callable[[], int]) -> None:
    bring(member, b"Name,Email\nAnn Lee,ann@example.org\n", run_jobs)
    bring(other_member, b"Name\nBob Ray\n", run_jobs)
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
    assert not LookupQuota.objects.exists()


def test_every_model_of_contacts_is_in_the_registry() -> None:
    assert not [label for label in privacy.unregistered() if label.startswith("contacts.")]


def test_the_retention_table_names_contacts() -> None:
    assert {"contacts", "contacts.quotas"} <= {rule.name for rule in privacy.retention_table()}


def test_take_me_off_proves_the_address_by_mail(
    member: Any, run_jobs: Callable[[], int], client: Client, mailoutbox: list[Any]
) -> None:
    bring(member, b"Name,Email\nAnn Lee,ann@example.org\nBob Ray,bob@example.org\n", run_jobs)
    asking = reverse("contacts:take_me_off")
    answers = [client.post(asking, {"email": email}).content for email in ("Ann@example.org", "who@example.org")]
    assert answers[0] == answers[1]
    client.post(asking, {"email": "ann@example.org"})
    run_jobs()
    assert [mail.to for mail in mailoutbox] == [["ann@example.org"], ["who@example.org"]]
    link = re.search(r"/contacts/take-me-off/[\w-]+/", mailoutbox[0].body)
    assert link
    assert client.get(link[0]).status_code == 200
    assert Contact.objects.count() == 2
    assert b"You are off" in client.post(link[0]).content
    assert Contact.objects.count() == 1
    assert client.get(link[0]).status_code == 404


def test_a_link_holds_two_days(client: Client, db: None) -> None:
    opt_out.request_opt_out(email="ann@example.org")
    OptOutRequest.objects.update(created_at=timezone.now() - timedelta(days=3), token=opt_out._token_hash("token"))
    assert client.get(reverse("contacts:confirm_off", args=["token"])).status_code == 404
    assert opt_out.purge_requests(timezone.now() - timedelta(days=2)) == 1
