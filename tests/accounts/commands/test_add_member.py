"""The command add_member."""

import json
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import AuditEntry


def _run(*words: str) -> list[str]:
    out = StringIO()
    call_command("add_member", *words, stdout=out)
    return out.getvalue().splitlines()


def test_the_password_stands_alone_on_the_last_line_and_signs_in(db: None) -> None:
    lines = _run("Nora@Example.org")
    client = Client()
    client.post(reverse("account_login"), {"login": "nora@example.org", "password": lines[-1]})
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)
    assert EmailAddress.objects.get(email="nora@example.org").verified


@pytest.mark.parametrize("role", ["steward", "organizer", "auditor", "owner"])
def test_a_role_can_be_given(db: None, role: str) -> None:
    _run("nora@example.org", "--role", role)
    assert User.objects.get().role == role
    assert AuditEntry.objects.get().facts == {"role": role}


def test_without_a_role_it_is_a_member(db: None) -> None:
    _run("nora@example.org")
    assert User.objects.get().role == "member"


def test_an_existing_member_ends_with_1_and_changes_nothing(db: None) -> None:
    _run("nora@example.org")
    before = User.objects.get().password
    with pytest.raises(CommandError) as error:
        _run("NORA@example.org", "--role", "owner")
    assert error.value.returncode == 1
    assert (User.objects.get().password, User.objects.get().role) == (before, "member")


def test_what_is_no_address_ends_with_2(db: None) -> None:
    with pytest.raises(CommandError) as error:
        _run("nora")
    assert error.value.returncode == 2


def test_json_is_one_object_on_the_last_line(db: None) -> None:
    told = json.loads(_run("nora@example.org", "--json")[-1])
    assert told["email"] == "nora@example.org"
    assert User.objects.get().check_password(told["password"])


def test_the_former_spelling_of_organizer_is_accepted(db: None) -> None:
    call_command("add_member", "ann@example.org", "--role", "organiser")
    assert User.objects.get(email="ann@example.org").role == "organizer"
