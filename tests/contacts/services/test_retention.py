"""Expiry of contacts: extended for picked friends, restored afterwards."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts.models import Contact
from apps.contacts.services import retention
from tests.contacts.helpers import add_contact, import_file

pytestmark = pytest.mark.django_db


def test_an_extension_never_shortens_the_expiry(member: User) -> None:
    contact_id = add_contact(member, 1)
    later = timezone.now() + timedelta(days=200)
    retention.extend_expiry(contacts=[contact_id], until=later)
    assert Contact.objects.get().expires_at == later
    retention.extend_expiry(contacts=[contact_id], until=later - timedelta(days=100))
    assert Contact.objects.get().expires_at == later


def test_the_usual_expiry_counts_from_the_last_import(member: User, run_jobs: Callable[[], int]) -> None:
    import_file(member, b"Name\nAnn Lee\n", run_jobs)
    usual = Contact.objects.get().expires_at
    retention.extend_expiry(contacts=[Contact.objects.get().pk], until=usual + timedelta(days=100))
    retention.restore_expiry(contacts=Contact.objects.owned_by(member))
    assert abs(Contact.objects.get().expires_at - usual) < timedelta(minutes=1)


def test_an_overdue_contact_expires_at_once(member: User) -> None:
    contact_id = add_contact(member, 1)
    Contact.objects.update(created_at=timezone.now() - timedelta(days=90))
    retention.extend_expiry(contacts=[contact_id], until=timezone.now() + timedelta(days=100))
    retention.restore_expiry(contacts=Contact.objects.all())
    assert not Contact.objects.owned_by(member).exists()
