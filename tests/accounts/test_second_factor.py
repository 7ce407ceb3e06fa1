"""The password alone never changes or shows a second factor, and each code works once."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests.conftest import PASSWORD

# allauth acts after the commit of the request, which only real transactions show.
pytestmark = pytest.mark.django_db(transaction=True)
START = "2026-03-02T10:00:05-05:00"
PROTECTED = (
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_add_webauthn",
)


def sign_in(user: User) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def codes_on(page: bytes) -> list[str]:
    return [part.partition("</code>")[0] for part in page.decode().split("<code>")[1:]]


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def staff(make_member: Callable[..., User], clock: Any) -> tuple[User, Client, str]:
    """Return a steward who just set up an authenticator app, their browser, and the app's secret."""
    user = make_member("new@example.org", "steward", second_factor=False)
    client = sign_in(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
    assert Authenticator.objects.filter(user=user, type="totp").exists()
    return user, client, secret


def later(clock: Any, minutes: float = 1) -> None:
    clock.shift(minutes * 60)


def test_the_code_of_the_set_up_does_not_sign_in(staff: tuple[User, Client, str], clock: Any) -> None:
    user, _, secret = staff
    client = sign_in(user)
    spent = code_now(secret)
    assert client.post(reverse("mfa_authenticate"), {"code": spent}).status_code == 200
    later(clock)
    assert client.post(reverse("mfa_authenticate"), {"code": code_now(secret)}).status_code == 302


def test_spare_codes_are_shown_once(staff: tuple[User, Client, str]) -> None:
    _, client, _ = staff
    page = reverse("mfa_view_recovery_codes")
    assert len(codes_on(client.get(page).content)) == 10
    again = client.get(page)
    assert codes_on(again.content) == []
    assert b"shown once" in again.content
    assert client.get(reverse("mfa_download_recovery_codes")).status_code in {403, 404}


def test_a_spare_code_works_once(staff: tuple[User, Client, str]) -> None:
    user, client, _ = staff
    spare = codes_on(client.get(reverse("mfa_view_recovery_codes")).content)[0]
    assert sign_in(user).post(reverse("mfa_authenticate"), {"code": spare}).status_code == 302
    assert sign_in(user).post(reverse("mfa_authenticate"), {"code": spare}).status_code == 200


@pytest.mark.parametrize("name", PROTECTED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_password_alone_opens_no_page_of_the_second_factor(
    staff: tuple[User, Client, str], clock: Any, name: str, method: str
) -> None:
    user, client, _ = staff
    later(clock, 20)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    answer = getattr(client, method)(reverse(name))
    assert answer.url.startswith(reverse("mfa_reauthenticate"))
    assert Authenticator.objects.filter(user=user, type="totp").exists()


def test_removal_needs_a_code_even_right_after_sign_in(staff: tuple[User, Client, str], clock: Any) -> None:
    user, client, secret = staff
    page = reverse("mfa_deactivate_totp")
    opened = client.get(page)
    assert opened.status_code == 200
    assert b"error" not in opened.content.lower().partition(b"<form")[2], "the page opens without an error"
    for code in ("", "000000", code_now(secret)):  # the last code was used at setup
        assert client.post(page, {"code": code}).status_code == 200
        assert Authenticator.objects.filter(user=user, type="totp").exists()
    later(clock)
    assert client.post(page, {"code": code_now(secret)}).status_code == 302
    assert not Authenticator.objects.filter(user=user).exists()


def test_spare_codes_remove_a_lost_app(staff: tuple[User, Client, str], clock: Any) -> None:
    user, client, _ = staff
    spare = codes_on(client.get(reverse("mfa_view_recovery_codes")).content)
    later(clock, 20)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = reverse("mfa_deactivate_totp")
    asked = client.get(page)["Location"]
    assert client.post(asked, {"code": spare[0]}).status_code == 302
    assert client.post(page, {"code": spare[0]}).status_code == 200, "it was spent"
    assert client.post(page, {"code": spare[1]}).status_code == 302
    assert not Authenticator.objects.filter(user=user).exists()


def test_members_without_a_second_factor_set_one_up_with_their_password(member: User) -> None:
    client = sign_in(member)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
