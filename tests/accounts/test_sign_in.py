"""Sign-in: the same responses for known and unknown accounts, new session ids, limits that fail closed."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.middleware import MEMBER_MAX_SECONDS, STAFF_IDLE_SECONDS, STAFF_MAX_SECONDS
from apps.accounts.models import User
from tests.conftest import PASSWORD
from tests.emails import html_of

LOGIN = "/account/login/"


def _sign_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"login": email, "password": password})


def _is_in(client: Client) -> bool:
    return client.get(reverse("accounts:home")).status_code == 200


def _without_token(content: bytes, address: str) -> str:
    import re

    text = content.decode().replace(address, "ADDRESS")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)


def test_a_wrong_password_and_an_unknown_address_read_the_same(member: User) -> None:
    known = _sign_in(Client(), member.email, "not the right one")
    unknown = _sign_in(Client(), "nobody@example.org", "not the right one")
    assert known.status_code == unknown.status_code == 200
    assert _without_token(known.content, member.email) == _without_token(unknown.content, "nobody@example.org")


def test_a_reset_reads_the_same_and_the_mail_tells_the_owner(member: User, run_jobs: Callable[[], int]) -> None:
    answers = [
        Client().post(reverse("account_reset_password"), {"email": email})
        for email in (member.email, "nobody@example.org")
    ]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    run_jobs()
    assert {message.to[0]: message.subject for message in mail.outbox} == {
        member.email: "Choose a new password",
        "nobody@example.org": "There is no account with this address",
    }


def test_a_mail_comes_in_the_language_of_its_member(member: User, run_jobs: Callable[[], int]) -> None:
    services.keep_language(member=member, language="es")
    Client(headers={"accept-language": "en"}).post(reverse("account_reset_password"), {"email": member.email})
    run_jobs()
    assert 'lang="es"' in html_of(0)


def test_links_in_mails_name_our_own_address(member: User, run_jobs: Callable[[], int]) -> None:
    Client().post(reverse("account_reset_password"), {"email": member.email}, headers={"host": "localhost"})
    run_jobs()
    assert "http://127.0.0.1:8000/account/password/reset/key/" in mail.outbox[0].body
    assert "localhost" not in mail.outbox[0].body


def test_signing_in_gives_a_new_session(member: User) -> None:
    client = Client()
    client.get(reverse("account_signup"))
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    _sign_in(client, member.email)
    assert client.session.session_key != before
    assert _is_in(client)


def test_an_old_cookie_is_worth_nothing_after_signing_out(member: User) -> None:
    client = Client()
    _sign_in(client, member.email)
    cookie = client.cookies["sessionid"].value
    client.post(reverse("account_logout"))
    stolen = Client()
    stolen.cookies["sessionid"] = cookie
    assert not _is_in(stolen)


@pytest.mark.parametrize("how", ["account_logout", "accounts:sign_out_everywhere"])
def test_signing_out_leaves_no_page_in_the_browser(member: User, how: str) -> None:
    client = Client()
    _sign_in(client, member.email)
    assert "Clear-Site-Data" not in client.get(reverse("accounts:home")).headers
    assert client.post(reverse(how)).headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in client.get(reverse("account_login")).headers


def test_a_new_password_ends_every_session(member: User, client_of: Callable[[User], Client]) -> None:
    here, there = Client(), client_of(member)
    _sign_in(here, member.email)
    new = "another quiet walk in halden"
    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert not _is_in(there)
    assert not _is_in(here)
    _sign_in(here, member.email, new)
    assert _is_in(here)


def test_a_closed_account_is_out_at_once(member: User, owner: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(member)
    services.disable(actor=owner, member=member, reason="Asked by its member")
    assert not _is_in(client)
    _sign_in(client, member.email)
    assert not _is_in(client)


def test_signing_out_everywhere(member: User) -> None:
    here, there = Client(), Client()
    _sign_in(here, member.email), _sign_in(there, member.email)
    assert UserSession.objects.filter(user=member).count() == 2
    here.post(reverse("accounts:sign_out_everywhere"))
    assert not _is_in(here)
    assert not _is_in(there)


def test_the_list_of_sessions_is_ones_own(member: User, other_member: User) -> None:
    here, there = Client(headers={"user-agent": "Here"}), Client(headers={"user-agent": "Elsewhere"})
    _sign_in(here, member.email), _sign_in(there, other_member.email)
    page = here.get(reverse("usersessions_list")).content
    assert b"Here" in page
    assert b"Elsewhere" not in page


@pytest.mark.parametrize(
    ("who", "after", "stays"),
    [
        ("member", MEMBER_MAX_SECONDS - 60, True),
        ("member", MEMBER_MAX_SECONDS + 60, False),
        ("steward", STAFF_IDLE_SECONDS - 60, True),
        ("steward", STAFF_IDLE_SECONDS + 60, False),
    ],
)
def test_a_session_ends_in_its_time(
    who: str, after: int, stays: bool, request: pytest.FixtureRequest, client_of: Callable[[User], Client]
) -> None:
    user = request.getfixturevalue(who)
    began = timezone.now()
    with time_machine.travel(began, tick=False) as clock:
        client = client_of(user)
        assert _is_in(client)
        clock.shift(after)
        assert _is_in(client) is stays


def test_a_role_above_member_works_eight_hours_at_most(steward: User, client_of: Callable[[User], Client]) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = client_of(steward)
        for _half_hour in range(STAFF_MAX_SECONDS // 1800):
            assert _is_in(client)
            clock.shift(1800)
        clock.shift(60)
        assert not _is_in(client)


def test_many_wrong_passwords_close_the_door_for_a_while(member: User) -> None:
    client = Client()
    for _try in range(5):
        _sign_in(client, member.email, "not the right one")
    _sign_in(client, member.email)
    assert not _is_in(client)


def test_another_address_on_the_same_network_still_signs_in(member: User, other_member: User) -> None:
    for _try in range(6):
        _sign_in(Client(), member.email, "not the right one")
    neighbour = Client()
    _sign_in(neighbour, other_member.email)
    assert _is_in(neighbour)


def test_a_forged_forwarded_address_is_not_believed(make_member: Callable[..., User]) -> None:
    for number in range(12):
        client = Client(headers={"x-forwarded-for": f"198.51.100.{number}"})
        _sign_in(client, f"nobody{number}@example.org", "not the right one")
    member = make_member("late@example.org")
    client = Client(headers={"x-forwarded-for": "198.51.100.99"})
    _sign_in(client, member.email)
    assert not _is_in(client)


@pytest.mark.django_db(transaction=True)
def test_no_one_signs_in_without_the_table_of_limits(member: User) -> None:
    client = Client(raise_request_exception=False)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_cache_rows RENAME TO core_cache_away")
    try:
        answer = _sign_in(client, member.email)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE core_cache_away RENAME TO core_cache_rows")
    assert answer.status_code in {429, 500, 503}
    assert not _is_in(client)


def test_too_many_attempts_get_the_applications_message(db: None) -> None:
    for _try in range(31):
        answer = _sign_in(Client(), "nobody@example.org", "not the right one")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    assert b"Too many tries just now" in answer.content


def test_a_language_chosen_on_a_page_applies_to_emails(member: User, client_of: Callable[[User], Client]) -> None:
    client_of(member).post(reverse("pages:language"), {"language": "es"})
    member.refresh_from_db()
    assert member.language == "es"
    client_of(member).post(reverse("pages:language"), {"language": "xx"})
    member.refresh_from_db()
    assert member.language == "es"


def test_a_new_machine_shows_the_members_language(member: User) -> None:
    services.keep_language(member=member, language="es")
    client = Client()
    _sign_in(client, member.email)
    assert client.cookies["django_language"].value == "es"


def test_many_entered_addresses_do_not_evict_a_count(member: User, settings: Any) -> None:
    from django.core.cache import cache

    cache.set("count", [1], 600)
    for number in range(400):
        cache.set(f"other-{number}", [1], 600)
    assert cache.get("count") == [1]
