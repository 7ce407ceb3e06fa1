"""One member's contacts change one writer at a time, without holding a lock while the roll is asked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import transaction
from django.db.models import F

from apps.contacts.models import ContactsVersion
from apps.core.errors import JobFailed

MOST_TRIES = 25
T = TypeVar("T")


class MovedOnError(Exception):
    """The book changed between the plan and the change."""


def generation(owner_id: int) -> int:
    """Return the number of the last change of a member's contacts."""
    return ContactsVersion.objects.get_or_create(owner_id=owner_id)[0].generation


def touch(owner_id: int) -> None:
    """Say that something changed that id sets are made of; in the transaction of the change."""
    ContactsVersion.objects.get_or_create(owner_id=owner_id)
    ContactsVersion.objects.filter(pk=owner_id).update(generation=F("generation") + 1)


@contextmanager
def changing(owner_id: int, planned_at: int) -> Iterator[None]:
    """Open the transaction of a change that was planned at a generation; MovedOnError if that is over."""
    with transaction.atomic():
        mine = ContactsVersion.objects.filter(pk=owner_id, generation=planned_at)
        if not mine.update(generation=F("generation") + 1):
            raise MovedOnError
        yield


def until_settled(attempt: Callable[[], T]) -> T:
    """Plan and change again where another writer of the same book was faster."""
    for _try in range(MOST_TRIES):
        try:
            return attempt()
        except MovedOnError:
            continue
    raise JobFailed("Other work on the same contacts never paused.")
