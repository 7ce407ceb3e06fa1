"""What outreach writes into the activity feed: ids and kinds, the member's own and the campaign's, after the commit.

The feed is never the truth: where its store is away, an act is missing there and nowhere else.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from apps.activity.base import activity
from apps.core.errors import StoreDown
from apps.core.log import get_logger
from apps.outreach.models import Campaign

log = get_logger(__name__)


def of_member(member: Any, kind: str, key: str, facts: Mapping[str, int | str]) -> None:
    """Add an act of a member."""
    _append(member.pk, kind, key, facts)


def of_campaign(campaign: Campaign, kind: str, key: str, facts: Mapping[str, int | str] | None = None) -> None:
    """Add an act of a campaign: its feed is that of the negative number, which no member has."""
    _append(-campaign.pk, kind, key, {"campaign": campaign.pk, **(facts or {})})


def _append(actor_id: int, kind: str, key: str, facts: Mapping[str, int | str]) -> None:
    def write() -> None:
        try:
            activity().append(actor_id=actor_id, kind=kind, facts=facts, key=key)
        except StoreDown:
            log.warning("feed.away", kind=kind)

    transaction.on_commit(write)
