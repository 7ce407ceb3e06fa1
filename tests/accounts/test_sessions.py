"""Sessions are stored under a hash: a copy of the database cannot be used to sign in, and members manage their
sessions.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import User
from apps.accounts.sessions import SessionStore
from tests.conftest import PASSWORD


def sign_in(member: User) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("accounts:home")).status_code == 200


def stored() -> str:
    """Return every value of the two tables of sessions."""
    with connection.cursor() as cursor:
        values = []
        for model in (Session, UserSession):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            values += cursor.fetchall()
    return str(values)


def test_no_table_holds_the_cookie(member: User) -> None:
    client = sign_in(member)
    assert is_in(client)
    cookie = client.cookies["sessionid"].value
    assert str(client.session.session_key) in stored()
    assert cookie not in stored()


def test_a_stored_key_is_no_cookie(member: User) -> None:
    client = sign_in(member)
    thief = Client()
    thief.cookies["sessionid"] = str(client.session.session_key)
    assert not is_in(thief)


def test_signing_in_again_keeps_the_list_of_sessions(member: User) -> None:
    here, there = sign_in(member), sign_in(member)
    assert UserSession.objects.filter(user=member).count() == 2
    page = here.get(reverse("usersessions_list")).content.decode()
    assert page.count("This one") == 1
    here.post(reverse("usersessions_list"))
    assert is_in(here)
    assert not is_in(there)


def test_ending_sessions_leaves_the_current_one(member: User) -> None:
    here, there = sign_in(member), sign_in(member)
    assert services.end_sessions(member=member, but=here.session.session_key) == 1
    assert (is_in(here), is_in(there)) == (True, False)


def test_signing_out_removes_the_row(member: User) -> None:
    client = sign_in(member)
    key = client.session.session_key
    client.post(reverse("account_logout"))
    assert not Session.objects.filter(session_key=key).exists()


def test_an_expired_session_is_refused(member: User) -> None:
    client = sign_in(member)
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    assert not is_in(client)


@pytest.mark.django_db
def test_a_made_up_cookie_is_never_adopted() -> None:
    client = Client()
    client.cookies["sessionid"] = "a" * 32
    client.post(reverse("pages:language"), {"language": "es", "next": "/"})
    session = client.session
    session["planted"] = True
    session.save()
    assert isinstance(session, SessionStore)
    assert session.cookie != "a" * 32


def test_a_visitor_gets_a_cookie_with_its_attributes(
    member: User, client_of: Callable[[User], Client], settings: object
) -> None:
    client = sign_in(member)
    morsel = client.cookies["sessionid"]
    assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "Lax", "/")
    assert len(morsel.value) == 32
