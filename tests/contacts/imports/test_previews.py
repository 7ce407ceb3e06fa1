"""Previews of imports and their cleanup."""

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts.imports import previews
from apps.contacts.models import Contact, Import, ImportPart
from tests.contacts.helpers import contact_table

pytestmark = pytest.mark.django_db


def test_a_draft_creates_no_contact(member: User) -> None:
    draft = previews.start_file(owner=member, stream=BytesIO(contact_table(3)))
    assert draft.state == "draft"
    assert not Contact.objects.exists()
    previews.discard(draft=draft)
    assert not ImportPart.objects.exists()


def test_unconfirmed_previews_are_deleted_after_a_day(member: User) -> None:
    draft = previews.start_file(owner=member, stream=BytesIO(b"Name\nAnn Lee\n"))
    assert previews.purge_stale_drafts() == 0
    Import.objects.filter(pk=draft.pk).update(created_at=timezone.now() - timedelta(hours=25))
    previews.purge_stale_drafts()
    assert not ImportPart.objects.exists()


def test_stray_uploads_are_deleted() -> None:
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
