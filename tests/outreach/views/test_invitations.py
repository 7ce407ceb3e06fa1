"""Pages of an invitation: the organizer's with its link, and the link itself."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.outreach.models import Ask
from apps.verification import quotas


def link_of(organizer: Client, campaign_id: int) -> str:
    page = organizer.post(reverse("outreach:new_invitation", args=[campaign_id])).content.decode()
    found = re.search(r"/ask/come/[^\"/]+/", page)
    assert found, page
    return found[0]


def test_an_invited_person_signs_up_with_the_look_ups_of_the_invitation(
    make_ask: Callable[..., Ask], organizer: User, client_of: Callable[[User], Client]
) -> None:
    guest = Client()
    answer = guest.get(link_of(client_of(organizer), make_ask().campaign_id))
    assert answer["Location"] == reverse("account_signup")
    assert quotas.INVITATION_SESSION_KEY in guest.session


def test_an_expired_or_forged_invitation_gives_nothing(
    make_ask: Callable[..., Ask], organizer: User, client_of: Callable[[User], Client]
) -> None:
    link = link_of(client_of(organizer), make_ask().campaign_id)
    guest = Client()
    with time_machine.travel(timezone.now() + timedelta(hours=13)):
        page = guest.get(link, follow=True).content.decode()
    assert "has expired" in page
    guest.get(link[:-3] + "x/")
    assert quotas.INVITATION_SESSION_KEY not in guest.session


@pytest.mark.django_db
def test_members_create_none(make_ask: Callable[..., Ask], member: User, client_of: Callable[[User], Client]) -> None:
    page = client_of(member).post(reverse("outreach:new_invitation", args=[make_ask().campaign_id]))
    assert page.status_code == 404
