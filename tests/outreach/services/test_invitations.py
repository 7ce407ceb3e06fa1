"""Invitations of organizers."""

from collections.abc import Callable

import pytest

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.core.quotas import QuotaExceeded
from apps.outreach.models import Ask
from apps.outreach.services import invitations


def test_five_invitations_a_day_are_logged(make_ask: Callable[..., Ask], organizer: User) -> None:
    campaign = make_ask().campaign
    tokens = {invitations.create_invitation(actor=organizer, campaign=campaign) for _ in range(5)}
    assert len(tokens) == 5
    assert AuditEntry.objects.filter(action="campaign.invitation").count() == 5
    with pytest.raises(QuotaExceeded):
        invitations.create_invitation(actor=organizer, campaign=campaign)


def test_the_qr_code_is_an_image_without_another_host() -> None:
    assert invitations.qr_code("http://127.0.0.1/ask/come/x/").startswith("data:image/svg+xml;base64,")
