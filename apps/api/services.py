"""Keys: made, revoked; known again and spent through `purses`."""

import secrets
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from apps.audit import services as audit
from apps.core.errors import BadInput, Refused

from .key_quotas import digest_of
from .models import SCOPES, ApiKey
from .quota_blocks import forget_keys, known_key, spend

MOST_A_DAY = 100_000_000
__all__ = ["known_key", "make_key", "revoke_key", "seconds_to_tomorrow", "spend"]


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
            name=name, prefix=prefix, digest=digest_of(key), scopes=sorted(set(scopes)), daily_budget=daily_budget
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
        transaction.on_commit(forget_keys)
    return row


def seconds_to_tomorrow() -> int:
    """Return how long today's budgets last, in the installation's time zone."""
    tomorrow = datetime.combine(timezone.localdate() + timedelta(days=1), time.min)
    return max(1, round((timezone.make_aware(tomorrow) - timezone.now()).total_seconds()))
