"""Budgets of look-ups: rows of the database, spent before an answer is made. Where they cannot be counted, nobody asks.

Per account 3 a day, per network (/24, /48) 60 a day, per target 5 accounts a week; a sixth account's look-up is held
for staff and reads as not found.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from apps.core.crypto import keyed_hash
from apps.core.errors import Refused

from .models import QuotaUse

ACCOUNT_A_DAY: Final = 3
NETWORK_A_DAY: Final = 60
ACCOUNTS_A_TARGET: Final = 5
DAY, WEEK = timedelta(days=1), timedelta(days=7)


class QuotaExceeded(Refused):
    """No look-up is left; `free_at` says when the next one is."""

    def __init__(self, free_at: datetime) -> None:
        super().__init__("The look-ups of today are used up.")
        self.free_at = free_at


@dataclass(frozen=True)
class Allowance:
    """How many look-ups a member has left today, and when the next comes free."""

    left: int
    free_at: datetime | None


def client_network(request: HttpRequest) -> str:
    """Return the block of addresses a request comes from; forwarded addresses count only behind known proxies."""
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


def allowance(member: Any) -> Allowance:
    """Return what a member has left."""
    since = timezone.now() - DAY
    used = list(
        QuotaUse.objects.filter(kind=QuotaUse.Kind.ACCOUNT, key=_account(member), at__gt=since)
        .order_by("at")
        .values_list("at", flat=True)
    )
    left = max(0, ACCOUNT_A_DAY - len(used))
    return Allowance(left, used[-ACCOUNT_A_DAY] + DAY if not left else None)


def spend(*, member: Any, network: str, target: bytes) -> bool:
    """Spend one look-up of each budget in the caller's transaction; returns whether the target's is overdrawn.

    Raises BudgetSpent, and then nothing is spent.
    """
    keys: dict[str, bytes] = {
        QuotaUse.Kind.ACCOUNT: _account(member),
        QuotaUse.Kind.NETWORK: keyed_hash(settings.LOOKUP_KEY, "network", network),
        QuotaUse.Kind.TARGET: target,
    }
    _one_at_a_time(*keys.values())
    counted = _counted(keys)
    for kind, most in ((QuotaUse.Kind.ACCOUNT, ACCOUNT_A_DAY), (QuotaUse.Kind.NETWORK, NETWORK_A_DAY)):
        times = [at for of, at, _ in counted if of == kind]
        if len(times) >= most:
            raise QuotaExceeded(times[-most] + DAY)
    others = {asker for of, _, asker in counted if of == QuotaUse.Kind.TARGET and asker != member.pk}
    QuotaUse.objects.bulk_create([QuotaUse(kind=kind, key=key, member=member) for kind, key in keys.items()])
    return len(others) >= ACCOUNTS_A_TARGET


def _counted(keys: Mapping[str, bytes]) -> list[tuple[str, datetime, int | None]]:
    """Return what still counts of all three budgets, oldest first, in one statement: kind, time, account."""
    now = timezone.now()
    counts = Q()
    for kind, key in keys.items():
        counts |= Q(kind=kind, key=key, at__gt=now - (WEEK if kind == QuotaUse.Kind.TARGET else DAY))
    return list(QuotaUse.objects.filter(counts).order_by("at").values_list("kind", "at", "member_id"))


def _account(member: Any) -> bytes:
    return keyed_hash(settings.LOOKUP_KEY, "account", str(member.pk))


def _one_at_a_time(*keys: bytes) -> None:
    """Let no two transactions count the same budgets, locked in one order; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        locks = sorted(int.from_bytes(key[:7]) for key in keys)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s) AS key", [locks])


def purge(before: datetime) -> int:
    """Forget what no budget counts any more."""
    return QuotaUse.objects.filter(at__lt=min(before, timezone.now() - WEEK)).delete()[0]
