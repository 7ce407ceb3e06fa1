"""Pages of plans and the public page of a campaign."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.officials.models import Election
from apps.outreach.models import Ask, Pledge
from apps.outreach.services import campaigns

pytestmark = pytest.mark.django_db


def test_a_plan_is_saved_changed_and_deleted(
    member: User, client_of: Callable[[User], Client], election: Election
) -> None:
    browser, page = client_of(member), reverse("outreach:plan", args=[election.pk])
    assert browser.post(page, {}).status_code == 422
    late = (election.date + timedelta(days=1)).isoformat()
    assert browser.post(page, {"method": "early", "on_day": late}).status_code == 422
    data = {"method": "early", "place": "Zerubbabel Hall", "time": "8 a.m.", "travel": "bike", "remind": "on"}
    browser.post(page, data)
    browser.post(page, {**data, "method": "mail"})
    plan = Pledge.objects.get()
    assert (plan.method, plan.place, plan.remind) == ("mail", "Zerubbabel Hall", True)
    assert b"Zerubbabel Hall" in browser.get(page).content
    with connection.cursor() as cursor:
        cursor.execute("SELECT place FROM outreach_pledge")
        assert "Zerubbabel" not in cursor.fetchone()[0]
    browser.post(page, {"take_back": "1"})
    assert not Pledge.objects.exists()


def test_a_draft_has_no_public_page(client: Client, organizer: User, election: Election) -> None:
    one = campaigns.write_campaign(actor=organizer, name="Quiet", text="", election=election)
    assert client.get(reverse("outreach:campaign", args=[one.slug])).status_code == 404


def test_an_open_campaign_has_a_public_page(client: Client, ask: Ask) -> None:
    page = client.get(reverse("outreach:campaign", args=[ask.campaign.slug])).content.decode()
    assert "Halden votes" in page
    assert "General Election" in page
