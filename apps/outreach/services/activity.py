"""What outreach writes into the activity feed: ids and kinds, the member's own and the campaign's."""

from collections.abc import Mapping
from typing import Any

from apps.activity.services import record_activity
from apps.outreach.models import Campaign


def of_member(member: Any, kind: str, key: str, facts: Mapping[str, int | str]) -> None:
    """Add an act of a member."""
    record_activity(actor_id=member.pk, kind=kind, key=key, facts=facts)


def of_campaign(campaign: Campaign, kind: str, key: str, facts: Mapping[str, int | str] | None = None) -> None:
    """Add an act of a campaign: its feed is that of the negative number, which no member has."""
    record_activity(actor_id=-campaign.pk, kind=kind, key=key, facts={"campaign": campaign.pk, **(facts or {})})
