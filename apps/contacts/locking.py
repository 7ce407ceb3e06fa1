"""Optimistic locking of a member's contacts: one writer at a time, and no lock while the voter roll is queried."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import transaction
from django.db.models import F

from apps.contacts.models import ContactsVersion
from apps.core.errors import JobFailed

MAX_ATTEMPTS = 25
T = TypeVar("T")


class VersionConflictError(Exception):
    """Signal that the contacts changed between planning and writing."""


def current_generation(owner_id: int) -> int:
    """Return the generation of a member's contacts: the number of its last change."""
    return ContactsVersion.objects.get_or_create(owner_id=owner_id)[0].generation


def bump_generation(owner_id: int) -> None:
    """Invalidate a member's segments; call it in the transaction of the change."""
    ContactsVersion.objects.get_or_create(owner_id=owner_id)
    ContactsVersion.objects.filter(pk=owner_id).update(generation=F("generation") + 1)


@contextmanager
def change_at(owner_id: int, generation: int) -> Iterator[None]:
    """Open the transaction of a change planned at `generation`; raise VersionConflictError if it has moved on."""
    with transaction.atomic():
        unchanged = ContactsVersion.objects.filter(pk=owner_id, generation=generation)
        if not unchanged.update(generation=F("generation") + 1):
            raise VersionConflictError
        yield


def retry_on_conflict(attempt: Callable[[], T]) -> T:
    """Plan and write again while other writers win; raise JobFailed after `MAX_ATTEMPTS`."""
    for _attempt in range(MAX_ATTEMPTS):
        try:
            return attempt()
        except VersionConflictError:
            continue
    raise JobFailed("Other work on the same contacts never paused.")
