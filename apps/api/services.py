"""Keys: made, known again, spent, revoked."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from apps.core.errors import BadInput, Refused
from apps.records import audit

from .models import SCOPES, ApiKey

KEY = re.compile(r"vk_([0-9a-f]{8})_[A-Za-z0-9_-]{43}\Z")
MOST_A_DAY = 100_000_000


def make_key(*, name: str, scopes: list[str], daily_budget: int) -> tuple[ApiKey, str]:
    """Make a key; returns its row and the key itself, which nobody can read again.

    Raises BadInput naming the argument that cannot be used.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= 80:
        raise BadInput("NAME must have 1 to 80 letters: whose program is it?")
    if not scopes or not set(scopes) <= set(SCOPES):
        raise BadInput(f"--scope takes {' or '.join(SCOPES)}; give it once for each.")
    if not 1 <= daily_budget <= MOST_A_DAY:
        raise BadInput(f"--budget must be 1 to {MOST_A_DAY}.")
    prefix = secrets.token_hex(4)
    key = f"vk_{prefix}_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        row = ApiKey.objects.create(
            name=name, prefix=prefix, digest=_digest(key), scopes=sorted(set(scopes)), daily_budget=daily_budget
        )
        audit.log_write(actor=None, action="api_key.create", subject=row, facts={"budget": daily_budget})
    return row, key


def revoke_key(*, prefix: str) -> ApiKey:
    """End a key at once. Raises Refused where no live key has this prefix."""
    with transaction.atomic():
        if not ApiKey.objects.filter(prefix=prefix, revoked_at=None).update(revoked_at=timezone.now()):
            raise Refused(f"No live key has the prefix {prefix}. `api_key list` shows them.")
        row = ApiKey.objects.get(prefix=prefix)
        audit.log_write(actor=None, action="api_key.revoke", subject=row)
    return row


def known_key(key: str) -> ApiKey | None:
    """Return the row of a live key, else None."""
    form = KEY.match(key)
    row = ApiKey.objects.filter(prefix=form.group(1), revoked_at=None).first() if form else None
    return row if row and hmac.compare_digest(row.digest, _digest(key)) else None


def spend(*, key: ApiKey, points: int) -> bool:
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


def seconds_to_tomorrow() -> int:
    """Return how long today's budgets last, in the installation's time zone."""
    tomorrow = datetime.combine(timezone.localdate() + timedelta(days=1), time.min)
    return max(1, round((timezone.make_aware(tomorrow) - timezone.now()).total_seconds()))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
