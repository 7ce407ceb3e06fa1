"""Expiry of contacts: friends picked for an ask stay until the election."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from apps.contacts.managers import ContactQuerySet
from apps.contacts.models import Contact, ImportedRow


def extend_expiry(*, contacts: Iterable[int], until: datetime) -> None:
    """Extend the expiry of contacts to `until`; never shorten it."""
    Contact.objects.filter(pk__in=list(contacts), expires_at__lt=until).update(expires_at=until)


def restore_expiry(*, contacts: ContactQuerySet) -> None:
    """Shorten the expiry of contacts to `CONTACT_DAYS` after their last import, at the earliest now."""
    for contact in contacts:
        last_import = ImportedRow.objects.filter(contact=contact).aggregate(at=Max("contact_import__created_at"))["at"]
        last = last_import or contact.created_at
        expiry = max(timezone.now(), last + timedelta(days=settings.CONTACT_DAYS))
        Contact.objects.filter(pk=contact.pk, expires_at__gt=expiry).update(expires_at=expiry)
