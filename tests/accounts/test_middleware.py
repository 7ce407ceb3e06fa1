"""Staff need a second factor; a role that is lost is lost with the next request."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from apps.accounts import services
from apps.accounts.models import User
from apps.core import crypto
from tests.conftest import PASSWORD


def test_staff_without_a_second_factor_is_sent_to_set_it_up(
    make_member: Callable[..., User], client_of: Callable[[User], Client]
) -> None:
    client = client_of(make_member("new@example.org", "steward", second_factor=False))
    for name in ("pages:home", "staff:home", "notifications:inbox"):
        assert client.get(reverse(name)).headers["Location"] == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code in {200, 302}


def test_the_demo_waives_it_and_says_so(
    make_member: Callable[..., User], client_of: Callable[[User], Client], settings: Any
) -> None:
    settings.DEMO = True
    client = client_of(make_member("new@example.org", "steward", second_factor=False))
    assert client.get(reverse("staff:home")).status_code == 200
    assert b"This demo waives the second step" in client.get(reverse("accounts:home")).content


def test_a_member_needs_none(member: User, client_of: Callable[[User], Client]) -> None:
    assert client_of(member).get(reverse("pages:home")).status_code == 200


def test_who_loses_a_role_loses_it_with_the_next_request(
    owner: User, steward: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(steward)
    assert client.get(reverse("staff:home")).status_code == 200
    services.change_role(actor=owner, member=steward, role="member", reason="Left the team")
    assert client.get(reverse("staff:home")).status_code == 404


def test_setting_up_a_second_step_ends_the_other_sessions(
    member: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        client.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    here.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    here.get(reverse("mfa_activate_totp"))
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    secret = here.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    with django_capture_on_commit_callbacks(execute=True):
        here.post(reverse("mfa_activate_totp"), {"code": code})
    assert Authenticator.objects.filter(user=member, type="totp").exists()
    assert here.get(reverse("accounts:home")).status_code == 200
    assert there.get(reverse("accounts:home")).status_code == 302
    assert UserSession.objects.filter(user=member).count() == 1
    stored = Authenticator.objects.get(user=member, type="totp").data["secret"]
    assert secret not in stored
    assert crypto.decrypt(stored) == secret
