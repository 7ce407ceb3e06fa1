"""Create and revoke API keys. Lookups and spending of keys are in `quota_blocks`."""

import secrets
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from apps.audit import services as audit
from apps.core.errors import BadInput, Refused

from .key_quotas import key_digest
from .models import SCOPES, ApiKey
from .quota_blocks import clear_key_cache, get_live_key, spend

MAX_DAILY_BUDGET = 100_000_000
__all__ = ["create_key", "get_live_key", "revoke_key", "seconds_until_tomorrow", "spend"]


def create_key(*, name: str, scopes: list[str], daily_budget: int) -> tuple[ApiKey, str]:
    """Create a key; return its row and the key itself, which is never readable again.

    Raises BadInput that names the invalid argument.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= 80:
        raise BadInput("NAME must have 1 to 80 characters: the name of the partner's program.")
    if not scopes or not set(scopes) <= set(SCOPES):
        raise BadInput(f"--scope accepts {' or '.join(SCOPES)}; repeat it for several.")
    if not 1 <= daily_budget <= MAX_DAILY_BUDGET:
        raise BadInput(f"--budget must be 1 to {MAX_DAILY_BUDGET}.")
    prefix = secrets.token_hex(4)
    key = f"vk_{prefix}_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        row = ApiKey.objects.create(
            name=name, prefix=prefix, digest=key_digest(key), scopes=sorted(set(scopes)), daily_budget=daily_budget
        )
        audit.log_write(actor=None, action="api_key.create", subject=row, facts={"budget": daily_budget})
    return row, key


def revoke_key(*, prefix: str) -> ApiKey:
    """Revoke a key at once; raise Refused if no live key has this prefix."""
    with transaction.atomic():
        if not ApiKey.objects.filter(prefix=prefix, revoked_at=None).update(revoked_at=timezone.now()):
            raise Refused(f"No live key has the prefix {prefix}. `api_key list` shows them.")
        row = ApiKey.objects.get(prefix=prefix)
        audit.log_write(actor=None, action="api_key.revoke", subject=row)
        transaction.on_commit(clear_key_cache)
    return row


def seconds_until_tomorrow() -> int:
    """Return the seconds until budgets renew, at midnight of the installation's time zone; at least 1."""
    tomorrow = datetime.combine(timezone.localdate() + timedelta(days=1), time.min)
    return max(1, round((timezone.make_aware(tomorrow) - timezone.now()).total_seconds()))
