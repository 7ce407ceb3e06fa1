"""The account page."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from apps.accounts import consents
from apps.accounts.models import Consent, User
from apps.privacy import registry as privacy


def test_it_lists_stored_data_and_retention(member: User, client_of: Callable[[User], Client]) -> None:
    page = client_of(member).get(reverse("accounts:home")).content.decode()
    for entry in privacy.entries():
        assert str(entry.title) in page.replace("&#x27;", "'")


def test_a_visitor_is_sent_to_sign_in(db: None) -> None:
    answer = Client().get(reverse("accounts:home"))
    assert answer.headers["Location"].startswith(reverse("account_login"))


def test_a_new_version_of_a_text_needs_consent(member: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(member)
    Consent.objects.create(member=member, document="privacy", version="2020-01")
    assert b"Our texts have changed" in client.get(reverse("accounts:home")).content
    client.post(reverse("accounts:agree"))
    assert consents.outdated(member) == []
    assert b"Our texts have changed" not in client.get(reverse("accounts:home")).content
    assert Consent.objects.filter(member=member, document="privacy").count() == 2


def test_the_page_is_never_cached(member: User, client_of: Callable[[User], Client]) -> None:
    assert "no-store" in client_of(member).get(reverse("accounts:home"))["Cache-Control"]


def test_what_changes_something_answers_posts_only(member: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(member)
    for name in ("accounts:agree", "accounts:sign_out_everywhere"):
        assert client.get(reverse(name)).status_code == 405


def test_a_post_without_its_token_is_refused(member: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    assert client.post(reverse("accounts:sign_out_everywhere")).status_code == 403
