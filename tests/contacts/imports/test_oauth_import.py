"""Fetching address books from a real HTTP server that answers like the providers, failures included."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.contacts import serialization
from apps.contacts.imports import oauth_import
from apps.contacts.models import Contact, Grant, Import, ImportPart, Revocation
from apps.contacts.services import erasure
from apps.demo.provider import FakeProvider
from apps.jobs.models import Job
from tests.contacts.helpers import PROVIDER_NAMES, connect_provider

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", PROVIDER_NAMES)
def test_an_address_book_becomes_a_preview_then_contacts(
    fake_provider: FakeProvider, nora: Client, settings: Any, run_jobs: Callable[[], int], name: str
) -> None:
    run = connect_provider(nora, name, settings)
    assert "so far" in nora.get(reverse("contacts:import", args=[run.pk])).content.decode()
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.total, run.bad, run.kind) == ("draft", 250, 0, name)
    assert not Contact.objects.exists()
    assert not Grant.objects.exists()
    assert not Revocation.objects.exists()
    assert b"Bring in 250 people" in nora.get(reverse("contacts:import", args=[run.pk])).content
    nora.post(reverse("contacts:confirm", args=[run.pk]))
    run_jobs()
    ann = serialization.load_contact(Contact.objects.order_by("pk")[6].data)
    assert (ann.name, ann.emails, ann.phones) == ("Ann7 Lee7", ("ann7@example.org",), ("+19195550107",))
    assert (ann.places[0][:4], ann.birth_year) == (("7 Elm St", "Tarn", "HD", "00417"), "1984")
    assert Contact.objects.count() == 250
    assert bool(fake_provider.revoked) == (name == "google")


def test_the_same_people_from_two_providers_are_merged(
    fake_provider: FakeProvider, nora: Client, settings: Any, run_jobs: Callable[[], int]
) -> None:
    for name in PROVIDER_NAMES:
        run = connect_provider(nora, name, settings)
        run_jobs()
        nora.post(reverse("contacts:confirm", args=[run.pk]))
        run_jobs()
    run.refresh_from_db()
    assert (run.new, run.same, Contact.objects.count()) == (0, 250, 250)


def test_a_stolen_code_yields_no_token(
    fake_provider: FakeProvider, nora: Client, settings: Any, run_jobs: Callable[[], int]
) -> None:
    run = connect_provider(nora, "google", settings)
    Grant.objects.update(secret=json.dumps({"code": next(iter(fake_provider.codes)), "verifier": "somebody else's"}))
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.reason) == ("stopped", "code")
    assert not fake_provider.tokens
    assert not Grant.objects.exists()
    assert "could not be used" in nora.get(reverse("contacts:import", args=[run.pk])).content.decode()


def test_a_token_with_extra_scope_is_revoked(
    fake_provider: FakeProvider, nora: Client, settings: Any, run_jobs: Callable[[], int]
) -> None:
    fake_provider.faults.extra_scope = "https://mail.google.com/"
    run = connect_provider(nora, "google", settings)
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.reason, Grant.objects.count(), len(fake_provider.revoked)) == ("stopped", "scope", 0, 1)


def test_a_throttled_fetch_waits_and_continues(
    fake_provider: FakeProvider, nora: Client, settings: Any, run_jobs: Callable[[], int]
) -> None:
    fake_provider.faults.busy, fake_provider.faults.retry_after = 2, 1800
    run = connect_provider(nora, "google", settings)
    run_jobs()
    later = Job.objects.get(task="import.fetch", state="waiting")
    assert later.not_before
    assert "slow down" in nora.get(reverse("contacts:slip", args=[run.pk])).content.decode()
    for _ in range(2):
        Job.objects.filter(task="import.fetch").update(not_before=None)
        run_jobs()
    run.refresh_from_db()
    assert (run.state, run.total) == ("draft", 250)


def test_provider_failures_are_retried_then_reported(
    fake_provider: FakeProvider, nora: Client, settings: Any, run_jobs: Callable[[], int]
) -> None:
    fake_provider.faults.broken = 3
    run = connect_provider(nora, "microsoft", settings)
    for _ in range(5):
        Job.objects.filter(task="import.fetch").update(not_before=None)
        run_jobs()
    run.refresh_from_db()
    assert run.state == "draft"
    fake_provider.faults.broken = 99
    run = connect_provider(nora, "microsoft", settings)
    for _ in range(6):
        Job.objects.filter(task="import.fetch").update(not_before=None)
        run_jobs()
    run.refresh_from_db()
    assert (run.state, run.reason) == ("stopped", "away")
    assert not ImportPart.objects.filter(contact_import=run).exists()


def test_an_expired_token_discards_the_fetch(
    fake_provider: FakeProvider, nora: Client, settings: Any, run_jobs: Callable[[], int]
) -> None:
    fake_provider.faults.expires_after = 2
    run = connect_provider(nora, "google", settings)
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.reason) == ("stopped", "expired")
    assert not ImportPart.objects.exists()
    assert not Grant.objects.exists()


def test_a_killed_worker_resumes_at_the_checkpoint(
    fake_provider: FakeProvider,
    nora: Client,
    settings: Any,
    run_jobs: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = connect_provider(nora, "google", settings)
    with monkeypatch.context() as patch:
        packed = oauth_import._pack_page
        calls: list[int] = []

        def dies(read: Any) -> str:
            calls.append(1)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return packed(read)

        patch.setattr(oauth_import, "_pack_page", dies)
        with pytest.raises(KeyboardInterrupt):
            oauth_import.fetch_pages(import_id=run.pk)
    assert Grant.objects.get().pages == 1
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.total) == ("draft", 250)


def test_a_malformed_entry_is_one_bad_row(
    fake_provider: FakeProvider, nora: Client, settings: Any, run_jobs: Callable[[], int]
) -> None:
    fake_provider.faults.bad_entry = True
    run = connect_provider(nora, "google", settings)
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.total, run.bad) == ("draft", 249, 1)


@pytest.mark.parametrize(
    "link", ["http://169.254.169.254/v1.0/me/contacts", "file:///etc/passwd", "http://127.0.0.1:1/"]
)
def test_a_next_link_to_another_host_stops_the_fetch(
    fake_provider: FakeProvider, nora: Client, settings: Any, run_jobs: Callable[[], int], link: str
) -> None:
    fake_provider.faults.next_link = link
    run = connect_provider(nora, "microsoft", settings)
    run_jobs()
    run.refresh_from_db()
    assert run.state == "stopped"


def test_account_deletion_drops_the_token_and_revokes_it_later(
    fake_provider: FakeProvider, member: User, nora: Client, settings: Any, run_jobs: Callable[[], int]
) -> None:
    connect_provider(nora, "google", settings)
    fake_provider.faults.revoke_down = 2
    Grant.objects.update(secret=json.dumps({"token": "a-token", "next": ""}))
    erasure.erase_member(member)
    assert (Grant.objects.count(), Revocation.objects.count()) == (0, 1)
    for _ in range(3):
        Job.objects.filter(task="import.revoke").update(not_before=None)
        run_jobs()
    assert fake_provider.revoked == ["a-token"]
    assert not Revocation.objects.exists()


def test_tokens_are_encrypted_and_absent_from_jobs(fake_provider: FakeProvider, nora: Client, settings: Any) -> None:
    from django.db import connection

    run = connect_provider(nora, "google", settings)
    secret = json.loads(Grant.objects.get().secret)["code"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM contacts_grant")
        assert secret not in cursor.fetchone()[0]
    assert Job.objects.get(task="import.fetch").args == {"import_id": run.pk}


def test_stale_fetches_are_stopped(fake_provider: FakeProvider, nora: Client, settings: Any) -> None:
    from datetime import timedelta

    from django.utils import timezone

    run = connect_provider(nora, "google", settings)
    assert oauth_import.stop_stale_fetches(False) == 0
    Import.objects.update(created_at=timezone.now() - timedelta(hours=3))
    assert (oauth_import.stop_stale_fetches(True), oauth_import.stop_stale_fetches(False)) == (1, 1)
    run.refresh_from_db()
    assert (run.state, Grant.objects.count()) == ("stopped", 0)
