"""API keys and their daily budgets in the database, the only authority on both."""

import hashlib
import hmac
import re
from datetime import date

from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from .models import ApiKey

KEY_PATTERN = re.compile(r"vk_([0-9a-f]{8})_[A-Za-z0-9_-]{43}\Z")


def get_live_key(key: str) -> ApiKey | None:
    """Return the row of a live key; None if it is unknown or revoked."""
    match = KEY_PATTERN.match(key)
    row = ApiKey.objects.filter(prefix=match.group(1), revoked_at=None).first() if match else None
    return row if row and hmac.compare_digest(row.digest, key_digest(key)) else None


def reserve_points(*, key: ApiKey, points: int) -> bool:
    """Reserve points of today's budget, all or none, in one statement; return False if too few are left.

    Two concurrent requests cannot both reserve the last point. Database errors propagate: without a budget, no request
    is served.
    """
    today = timezone.localdate()
    same_day = Q(spent_on=today)
    enough = Q(same_day, spent__lte=F("daily_budget") - points) | (
        (Q(spent_on=None) | Q(spent_on__lt=today)) & Q(daily_budget__gte=points)
    )
    spent = Case(When(same_day, then=F("spent") + points), default=Value(points))
    live = ApiKey.objects.filter(pk=key.pk, revoked_at=None)
    return bool(live.filter(enough).update(spent=spent, spent_on=today))


def return_points(*, key: ApiKey, points: int, day: date) -> None:
    """Return unspent points to the budget of `day`; points of an earlier day expire."""
    ApiKey.objects.filter(pk=key.pk, spent_on=day, spent__gte=points).update(spent=F("spent") - points)


def key_digest(key: str) -> str:
    """Return the SHA-256 of a key, in hex: the only part of its secret that is stored."""
    return hashlib.sha256(key.encode()).hexdigest()
