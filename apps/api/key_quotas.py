"""Keys and their budgets in the database, which alone says who may ask and how much is left."""

import hashlib
import hmac
import re
from datetime import date

from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from .models import ApiKey

KEY = re.compile(r"vk_([0-9a-f]{8})_[A-Za-z0-9_-]{43}\Z")


def known_key(key: str) -> ApiKey | None:
    """Return the row of a live key, else None."""
    form = KEY.match(key)
    row = ApiKey.objects.filter(prefix=form.group(1), revoked_at=None).first() if form else None
    return row if row and hmac.compare_digest(row.digest, digest_of(key)) else None


def reserve(*, key: ApiKey, points: int) -> bool:
    """Take points from today's budget, all or none, in one statement; False where they are not there.

    Two requests that ask for the last point at once get one answer. An error of the database passes on: no budget,
    no answer.
    """
    today = timezone.localdate()
    same_day = Q(spent_on=today)
    enough = Q(same_day, spent__lte=F("daily_budget") - points) | (
        (Q(spent_on=None) | Q(spent_on__lt=today)) & Q(daily_budget__gte=points)
    )
    spent = Case(When(same_day, then=F("spent") + points), default=Value(points))
    live = ApiKey.objects.filter(pk=key.pk, revoked_at=None)
    return bool(live.filter(enough).update(spent=spent, spent_on=today))


def give_back(*, key: ApiKey, points: int, day: date) -> None:
    """Return points that were reserved on a day and not spent; on another day they are gone."""
    ApiKey.objects.filter(pk=key.pk, spent_on=day, spent__gte=points).update(spent=F("spent") - points)


def digest_of(key: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()
