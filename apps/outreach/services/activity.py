"""Activity feed entries of outreach: ids and kinds, for members and for campaigns."""

from collections.abc import Mapping

from apps.accounts.models import User
from apps.activity.services import record_activity
from apps.outreach.models import Campaign


def note_member_activity(member: User, kind: str, key: str, facts: Mapping[str, int | str]) -> None:
    """Add an entry to a member's feed."""
    record_activity(actor_id=member.pk, kind=kind, key=key, facts=facts)


def note_campaign_activity(
    campaign: Campaign, kind: str, key: str, facts: Mapping[str, int | str] | None = None
) -> None:
    """Add an entry to a campaign's feed, keyed by the negated id, which no member has."""
    record_activity(actor_id=-campaign.pk, kind=kind, key=key, facts={"campaign": campaign.pk, **(facts or {})})
