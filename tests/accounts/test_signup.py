"""Sign-up: consent with its version, the same response for known and unknown addresses, no unconfirmed data stored."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts import consents, forms, personal_data
from apps.accounts.models import Consent, User
from apps.notifications.models import OutgoingEmail
from tests.emails import text_of

GOOD = {"email": "nora@example.org", "password1": "a quiet walk in halden", "agreed": "on"}


def _sign_up(client: Client | None = None, **more: str) -> Any:
    return (client or Client()).post(reverse("account_signup"), {**GOOD, **more})


def _link() -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/account/\S+)", text_of())
    assert found
    return found[1]


def test_signing_up_confirming_and_being_in(db: None, run_jobs: Callable[[], int]) -> None:
    client = Client()
    assert _sign_up(client).url == reverse("account_email_verification_sent")
    assert mail.outbox == []
    run_jobs()
    assert mail.outbox[0].to == ["nora@example.org"]
    client.post(_link())
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_looking_at_the_link_confirms_nothing(db: None, run_jobs: Callable[[], int]) -> None:
    _sign_up()
    run_jobs()
    Client().get(_link())
    assert not EmailAddress.objects.get().verified


def test_an_unconfirmed_address_does_not_sign_in(db: None) -> None:
    _sign_up()
    client = Client()
    client.post(reverse("account_login"), {"login": GOOD["email"], "password": GOOD["password1"]})
    assert "_auth_user_id" not in client.session


def test_the_consent_is_stored_with_its_versions(db: None) -> None:
    _sign_up()
    assert dict(Consent.objects.values_list("document", "version")) == consents.DOCUMENTS
    assert consents.outdated(User.objects.get()) == []


def test_without_the_consent_there_is_no_account(db: None) -> None:
    page = _sign_up(agreed="")
    assert b"Tick the box if you agree" in page.content
    assert not User.objects.exists()


def test_the_box_is_not_ticked_for_the_member(db: None) -> None:
    assert b"checked" not in Client().get(reverse("account_signup")).content


def test_the_language_of_the_page_becomes_the_members(db: None, run_jobs: Callable[[], int]) -> None:
    client = Client(headers={"accept-language": "es"})
    _sign_up(client)
    assert User.objects.get().language == "es"


def test_a_known_address_gets_the_same_answer_and_a_mail_that_tells_its_owner(
    member: User, run_jobs: Callable[[], int]
) -> None:
    fresh = _sign_up(email="fresh@example.org")
    known = _sign_up(email=member.email)
    assert (fresh.status_code, fresh.url) == (known.status_code, known.url)
    run_jobs()
    subjects = {message.to[0]: message.subject for message in mail.outbox}
    assert subjects[member.email] == "You have an account already"
    assert User.objects.filter(email=member.email).count() == 1


def test_a_known_address_costs_the_same_hash_of_a_password(member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    spent: list[str] = []
    monkeypatch.setattr(forms, "make_password", spent.append)
    _sign_up(email=member.email)
    assert spent == [GOOD["password1"]]


def test_two_windows_that_sign_up_at_once_make_one_account(member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms.SignupForm, "validate_unique_email", lambda _self, value: value)
    assert _sign_up(email=member.email).url == reverse("account_email_verification_sent")
    assert User.objects.count() == 1


def test_a_role_cannot_be_submitted_with_the_form(db: None) -> None:
    _sign_up(role="owner", is_active="0", erase_at="2026-01-01")
    user = User.objects.get()
    assert (user.role, user.is_active, user.erase_at) == ("member", True, None)


def test_sign_up_may_be_closed(db: None, settings: Any) -> None:
    settings.SIGNUP_OPEN = False
    _sign_up()
    assert not User.objects.exists()


def test_an_unconfirmed_address_is_deleted_after_two_days(db: None, member: User, owner: User) -> None:
    _sign_up(email="fresh@example.org")
    User.objects.update(joined_at=timezone.now() - timedelta(days=2, hours=1))
    assert personal_data._purge_unconfirmed(timezone.now() - timedelta(days=2)) == 1
    assert set(User.objects.all()) == {member, owner}


def test_no_mail_address_stands_in_the_table_of_mails(db: None) -> None:
    _sign_up()
    assert OutgoingEmail.objects.count() == 1
    with connection.cursor() as cursor, CaptureQueriesContext(connection):
        cursor.execute('SELECT "to" FROM notifications_outgoingemail')
        assert "nora" not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    "password",
    [
        "short one",
        "password1234",
        "Password1234!",
        "passwordpassword",
        "aaaaaaaaaaaa",
        "123456789012",
        "qwertyuiopas",
        "votekinvotekin",
        "P@ssw0rd1234",
        "nora@example.org",
    ],
)
def test_a_short_or_well_known_password_is_refused(db: None, password: str) -> None:
    _sign_up(password1=password)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "password",
    [
        "a quiet walk in halden",
        "  two spaces at each end  ",
        "ñandú " * 10 + "déjà",
        "x9!" + "k3 Q" * 49,
        "Ж" * 6 + "мышьь я",
    ],
)
def test_a_long_password_of_any_signs_is_taken_as_it_is(db: None, password: str) -> None:
    _sign_up(password1=password)
    assert User.objects.get().check_password(password)
