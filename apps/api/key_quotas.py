"""API keys and their daily budgets in the database, the only authority on both."""

import hashlib
import hmac
import re
from datetime import date

from django.utils import timezone

from apps.core import quotas
from apps.core.quotas import Limit, QuotaExceeded, key_for

from .models import ApiKey

KEY_PATTERN = re.compile(r"vk_([0-9a-f]{8})_[A-Za-z0-9_-]{43}\Z")


def get_live_key(key: str) -> ApiKey | None:
    """Return the row of a live key; None if it is unknown or revoked."""
    match = KEY_PATTERN.match(key)
    row = ApiKey.objects.filter(prefix=match.group(1), revoked_at=None).first() if match else None
    return row if row and hmac.compare_digest(row.digest, key_digest(key)) else None


def daily_limit(key: ApiKey, points: int = 1) -> Limit:
    """Return the limit of a key's points of one day."""
    return Limit("api.key", key_for("api key", key.pk), key.daily_budget, amount=points)


def reserve_points(*, key: ApiKey, points: int) -> bool:
    """Reserve points of today's budget, all or none; return False if too few are left or the key is revoked.

    Two concurrent requests cannot both reserve the last point. Database errors propagate: without a budget, no request
    is served.
    """
    if not ApiKey.objects.filter(pk=key.pk, revoked_at=None).exists():
        return False
    try:
        quotas.spend(daily_limit(key, points))
    except QuotaExceeded:
        return False
    return True


def return_points(*, key: ApiKey, points: int, day: date) -> None:
    """Return unspent points to the budget of `day`; points of an earlier day expire."""
    if day == timezone.localdate():
        quotas.release(daily_limit(key), points)


def spent_today(key: ApiKey) -> int:
    """Return the points of today's budget that are spent or reserved."""
    return quotas.used(daily_limit(key))


def key_digest(key: str) -> str:
    """Return the SHA-256 of a key, in hex: the only part of its secret that is stored."""
    return hashlib.sha256(key.encode()).hexdigest()
