"""Opt-out pages."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts.models import (
    Contact,
    OptOutRequest,
)
from apps.contacts.services import opt_out
from tests.contacts.helpers import import_file

pytestmark = pytest.mark.django_db


def test_an_emailed_link_confirms_the_opt_out(
    member: User, run_jobs: Callable[[], int], client: Client, mailoutbox: list[Any]
) -> None:
    import_file(member, b"Name,Email\nAnn Lee,ann@example.org\nBob Ray,bob@example.org\n", run_jobs)
    asking = reverse("contacts:take_me_off")
    answers = [client.post(asking, {"email": email}).content for email in ("Ann@example.org", "who@example.org")]
    assert answers[0] == answers[1]
    client.post(asking, {"email": "ann@example.org"})
    run_jobs()
    assert [mail.to for mail in mailoutbox] == [["ann@example.org"], ["who@example.org"]]
    link = re.search(r"/contacts/take-me-off/[\w-]+/", mailoutbox[0].body)
    assert link
    assert client.get(link[0]).status_code == 200
    assert b"You are off" in client.post(link[0]).content
    assert Contact.objects.count() == 2
    assert client.get(link[0]).status_code == 404


def test_an_opt_out_link_expires_after_two_days(client: Client, db: None) -> None:
    opt_out.request_opt_out(email="ann@example.org", network="192.0.2.0/24")
    OptOutRequest.objects.update(created_at=timezone.now() - timedelta(days=3), token=opt_out._token_hash("token"))
    assert client.get(reverse("contacts:confirm_off", args=["token"])).status_code == 404
    assert opt_out.purge_requests(timezone.now() - timedelta(days=2)) == 1
