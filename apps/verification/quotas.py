"""Quotas of look-ups: database rows, spent before the answer. If they cannot be counted, no look-up runs.

Per account 3 a day, per network (/24, /48) 60 a day, per target 5 accounts a week; further accounts' look-ups are
flagged for staff and read as not found.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts.models import User
from apps.core.crypto import keyed_hash
from apps.core.errors import Refused

from .models import QuotaUse

LOOKUPS_PER_ACCOUNT_AND_DAY: Final = 3
LOOKUPS_PER_NETWORK_AND_DAY: Final = 60
ACCOUNTS_PER_TARGET_AND_WEEK: Final = 5
DAY, WEEK = timedelta(days=1), timedelta(days=7)


class QuotaExceeded(Refused):
    """Signal that no look-up remains; `free_at` is the time of the next one."""

    def __init__(self, free_at: datetime) -> None:
        super().__init__("Today's look-ups are used up.")
        self.free_at = free_at


@dataclass(frozen=True)
class Allowance:
    """Hold how many look-ups remain today, and when the next one becomes available if none does."""

    remaining: int
    free_at: datetime | None


def client_network(request: HttpRequest) -> str:
    """Return the network of the client; forwarded addresses count only behind `PROXY_COUNT` proxies."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if settings.PROXY_COUNT:
        hops = [hop.strip() for hop in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",") if hop.strip()]
        peer = hops[-settings.PROXY_COUNT] if len(hops) >= settings.PROXY_COUNT else peer
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return "unknown"
    bits = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network((address, bits), strict=False))


def allowance(member: User) -> Allowance:
    """Return a member's remaining look-ups."""
    since = timezone.now() - DAY
    used = list(
        QuotaUse.objects.filter(kind=QuotaUse.Kind.ACCOUNT, key=_account_key(member), used_at__gt=since)
        .order_by("used_at")
        .values_list("used_at", flat=True)
    )
    remaining = max(0, LOOKUPS_PER_ACCOUNT_AND_DAY - len(used))
    return Allowance(remaining, used[-LOOKUPS_PER_ACCOUNT_AND_DAY] + DAY if not remaining else None)


def spend(*, member: User, network: str, target: bytes) -> bool:
    """Spend one look-up of each quota within the caller's transaction; return whether the target's is exceeded.

    Raises QuotaExceeded, and then spends nothing.
    """
    keys: dict[str, bytes] = {
        QuotaUse.Kind.ACCOUNT: _account_key(member),
        QuotaUse.Kind.NETWORK: keyed_hash(settings.LOOKUP_KEY, "network", network),
        QuotaUse.Kind.TARGET: target,
    }
    _lock_keys(*keys.values())
    recent = _recent_use(keys)
    for kind, limit in (
        (QuotaUse.Kind.ACCOUNT, LOOKUPS_PER_ACCOUNT_AND_DAY),
        (QuotaUse.Kind.NETWORK, LOOKUPS_PER_NETWORK_AND_DAY),
    ):
        uses = [used_at for used_kind, used_at, _ in recent if used_kind == kind]
        if len(uses) >= limit:
            raise QuotaExceeded(uses[-limit] + DAY)
    accounts = {account for used_kind, _, account in recent if used_kind == QuotaUse.Kind.TARGET}
    QuotaUse.objects.bulk_create([QuotaUse(kind=kind, key=key, member=member) for kind, key in keys.items()])
    return len(accounts - {member.pk}) >= ACCOUNTS_PER_TARGET_AND_WEEK


def _recent_use(keys: Mapping[str, bytes]) -> list[tuple[str, datetime, int | None]]:
    """Return current use of all three quotas, oldest first, in one statement: kind, time, account."""
    now = timezone.now()
    condition = Q()
    for kind, key in keys.items():
        condition |= Q(kind=kind, key=key, used_at__gt=now - (WEEK if kind == QuotaUse.Kind.TARGET else DAY))
    return list(QuotaUse.objects.filter(condition).order_by("used_at").values_list("kind", "used_at", "member_id"))


def _account_key(member: User) -> bytes:
    return keyed_hash(settings.LOOKUP_KEY, "account", str(member.pk))


def _lock_keys(*keys: bytes) -> None:
    """Serialize transactions that count the same quotas, locked in one order; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        locks = sorted(int.from_bytes(key[:7]) for key in keys)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s) AS key", [locks])


def purge_use(before: datetime) -> int:
    """Delete use that no quota counts any more; return the number of rows."""
    return QuotaUse.objects.filter(used_at__lt=min(before, timezone.now() - WEEK)).delete()[0]
