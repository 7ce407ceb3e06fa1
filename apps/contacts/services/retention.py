"""Contacts that are kept longer than their days: friends picked for an ask stay until the election."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from apps.contacts.managers import ContactQuerySet
from apps.contacts.models import Contact, ImportedRow


def extend_expiry(*, contacts: Iterable[int], until: datetime) -> None:
    """Keep contacts until a moment, or longer where they are kept longer anyway."""
    Contact.objects.filter(pk__in=list(contacts), expires_at__lt=until).update(expires_at=until)


def restore_expiry(*, contacts: ContactQuerySet) -> None:
    """Let contacts go when their days are over: so many days after they were brought last."""
    for contact in contacts:
        brought = ImportedRow.objects.filter(contact=contact).aggregate(at=Max("of__created_at"))["at"]
        last = brought or contact.created_at
        usual = max(timezone.now(), last + timedelta(days=settings.CONTACT_DAYS))
        Contact.objects.filter(pk=contact.pk, expires_at__gt=usual).update(expires_at=usual)
