"""Changing one's password and email address: confirmed by email, notified to the owner, ends sessions."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests.conftest import PASSWORD
from tests.emails import html_of

NEW = "another quiet walk in halden"
pytestmark = pytest.mark.django_db


def _browser(member: User) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def _link(message: Any) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/account/\S+)", message.body)
    assert found
    return found[1]


def _to(address: str) -> Any:
    return next(message for message in mail.outbox if message.to == [address])


def test_a_reset_by_email_works_once_ends_sessions_and_notifies(
    member: User, client_of: Callable[[User], Client], run_jobs: Callable[[], int]
) -> None:
    elsewhere, client = client_of(member), Client()
    client.post(reverse("account_reset_password"), {"email": member.email})
    run_jobs()
    link = _link(_to(member.email))
    form = client.get(link).headers["Location"]
    client.post(form, {"password1": NEW, "password2": NEW})
    member.refresh_from_db()
    assert member.check_password(NEW)
    assert elsewhere.get(reverse("accounts:home")).status_code == 302
    run_jobs()
    notice = mail.outbox[-1]
    assert notice.subject == "Your password was changed"
    assert "If this was not you" in notice.body
    assert html_of()
    assert Client().get(link).status_code == 200  # the page that says the link was used


def test_a_weak_new_password_is_refused(member: User) -> None:
    client = _browser(member)
    weak = {"oldpassword": PASSWORD, "password1": "password1234", "password2": "password1234"}
    assert client.post(reverse("account_change_password"), weak).status_code == 200
    member.refresh_from_db()
    assert member.check_password(PASSWORD)


def test_a_new_address_counts_once_it_is_confirmed(member: User, run_jobs: Callable[[], int]) -> None:
    client = _browser(member)
    client.post(reverse("account_email"), {"email": "New@Example.org", "action_add": ""})
    member.refresh_from_db()
    assert member.email == "nora@example.org"
    run_jobs()
    client.post(_link(_to("new@example.org")))
    member.refresh_from_db()
    assert member.email == "new@example.org"
    assert [row.email for row in EmailAddress.objects.filter(user=member)] == ["new@example.org"]
    run_jobs()
    assert "Your email address was changed" in {message.subject for message in mail.outbox}


def test_another_members_address_reads_the_same_and_is_not_taken(
    member: User, other_member: User, run_jobs: Callable[[], int]
) -> None:
    free = _browser(member).post(reverse("account_email"), {"email": "free@example.org", "action_add": ""})
    taken = _browser(member).post(reverse("account_email"), {"email": other_member.email, "action_add": ""})
    assert (free.status_code, free.get("location")) == (taken.status_code, taken.get("location"))
    run_jobs()
    Client().post(_link(_to(other_member.email)))
    member.refresh_from_db()
    other_member.refresh_from_db()
    assert (member.email, other_member.email) == ("nora@example.org", "sam@example.org")
    assert EmailAddress.objects.filter(user=other_member).get().verified
