"""Google and Microsoft by a real HTTP server that answers as they do, and as badly as they do now and then."""

import http.client
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from apps.contacts import serialization
from apps.contacts.imports import oauth_import
from apps.contacts.models import Contact, Grant, Import, ImportPart, Revocation
from apps.contacts.oauth import provider
from apps.contacts.services import erasure
from apps.core import http_client as outside
from apps.core.errors import JobFailed
from apps.demo.provider import FakeProvider
from apps.jobs.models import Job

pytestmark = pytest.mark.django_db
NAMES = ("google", "microsoft")


def row(number: int) -> dict[str, str]:
    """Return a made-up friend as Google's CSV has them."""
    return {
        "First Name": f"Ann{number}", "Last Name": f"Lee{number}", "E-mail 1 - Value": f"ann{number}@example.org",
        "Phone 1 - Value": f"919-555-01{number % 100:02d}", "Address 1 - Street": f"{number} Elm St",
        "Address 1 - City": "Tarn", "Address 1 - Region": "HD", "Address 1 - Postal Code": "00417",
        "Birthday": "1984-03-02",
    }  # fmt: skip


@pytest.fixture
def fake(settings: Any) -> Iterator[FakeProvider]:
    """Start the stand-in and switch both providers on."""
    one = FakeProvider([row(number) for number in range(1, 251)], largest=100)
    server = one.serve()
    settings.CONTACT_PROVIDERS_URL = f"http://127.0.0.1:{server.server_port}"
    settings.CONTACT_PROVIDERS = {name: {"id": "ours", "secret": "quiet"} for name in NAMES}
    yield one
    server.shutdown()
    server.server_close()


@pytest.fixture
def nora(member: Any, client_of: Callable[[Any], Client]) -> Client:
    """Return the member's browser."""
    return client_of(member)


def go_there(browser: Client, name: str) -> dict[str, str]:
    """Press the button; returns what the provider is asked."""
    answer = browser.post(reverse("contacts:elsewhere", args=[name]))
    assert answer.status_code == 302
    return {key: values[0] for key, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def allow(fake_url: str, asked: dict[str, str], answer: str = "allow") -> str:
    """Open the consent page as a browser would and press a button; returns where it leads."""
    parts = urlsplit(fake_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    connection.request("GET", f"/o/oauth2/v2/auth?{urlencode(asked)}")
    page = connection.getresponse().read().decode()
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page)) | {"answer": answer}
    body = urlencode(fields)
    connection.request("POST", "/consent", body, {"Content-Type": "application/x-www-form-urlencoded"})
    location = connection.getresponse().headers["Location"]
    connection.close()
    found = urlsplit(location)
    return f"{found.path}?{found.query}"


def permitted(browser: Client, name: str, settings: Any) -> Import:
    """Go to the provider, allow, and come back."""
    back = allow(settings.CONTACT_PROVIDERS_URL, go_there(browser, name))
    assert browser.get(back).status_code == 302
    return Import.objects.latest("pk")


@pytest.mark.parametrize("name", NAMES)
def test_an_address_book_comes_to_a_preview_and_in(
    fake: FakeProvider, nora: Client, settings: Any, run_jobs: Callable[[], int], name: str
) -> None:
    run = permitted(nora, name, settings)
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
    ann = serialization.from_text(Contact.objects.order_by("pk")[6].data)
    assert (ann.name, ann.emails, ann.phones) == ("Ann7 Lee7", ("ann7@example.org",), ("+19195550107",))
    assert (ann.places[0][:4], ann.birth_year) == (("7 Elm St", "Tarn", "HD", "00417"), "1984")
    assert Contact.objects.count() == 250
    assert bool(fake.revoked) == (name == "google")


def test_the_same_people_by_both_ways_are_there_once(
    fake: FakeProvider, nora: Client, settings: Any, run_jobs: Callable[[], int]
) -> None:
    for name in NAMES:
        run = permitted(nora, name, settings)
        run_jobs()
        nora.post(reverse("contacts:confirm", args=[run.pk]))
        run_jobs()
    run.refresh_from_db()
    assert (run.new, run.same, Contact.objects.count()) == (0, 250, 250)


def test_only_reading_contacts_is_asked_for_with_a_challenge_of_pkce(fake: FakeProvider, nora: Client) -> None:
    asked = go_there(nora, "google")
    assert asked["scope"] == "https://www.googleapis.com/auth/contacts.readonly"
    assert (asked["code_challenge_method"], asked["access_type"]) == ("S256", "online")
    assert "offline" not in str(asked)
    assert go_there(nora, "microsoft")["scope"] == "https://graph.microsoft.com/Contacts.Read"


def test_without_keys_they_are_off_and_invisible(fake: FakeProvider, nora: Client, settings: Any) -> None:
    page = nora.get(reverse("contacts:bring"))
    assert b"Ask Google" in page.content
    assert settings.CONTACT_PROVIDERS_URL in page.headers["Content-Security-Policy"]
    settings.CONTACT_PROVIDERS = {name: {"id": "", "secret": ""} for name in NAMES}
    page = nora.get(reverse("contacts:bring"))
    assert b"Ask Google" not in page.content
    assert settings.CONTACT_PROVIDERS_URL not in page.headers["Content-Security-Policy"]
    for name in (*NAMES, "other"):
        assert nora.post(reverse("contacts:elsewhere", args=[name])).status_code == 404
        assert nora.get(reverse("contacts:back_from", args=[name])).status_code == 404


def test_a_member_who_says_no_is_back_where_they_were(fake: FakeProvider, nora: Client, settings: Any) -> None:
    back = allow(settings.CONTACT_PROVIDERS_URL, go_there(nora, "google"), "deny")
    assert "was told no" in nora.get(back, follow=True).content.decode()
    assert not Import.objects.exists()


def test_a_wrong_state_another_session_and_a_second_use_are_refused(
    fake: FakeProvider, nora: Client, other_member: Any, client_of: Callable[[Any], Client], settings: Any
) -> None:
    back = allow(settings.CONTACT_PROVIDERS_URL, go_there(nora, "google"))
    sam = client_of(other_member)
    for browser, address in ((sam, back), (Client(), back), (nora, back.replace("state=", "state=x"))):
        browser.get(address)
        assert not Grant.objects.exists()
    back = allow(settings.CONTACT_PROVIDERS_URL, go_there(nora, "google"))
    nora.get(back.replace("google", "microsoft"))
    assert not Grant.objects.exists()
    back = allow(settings.CONTACT_PROVIDERS_URL, go_there(nora, "google"))
    nora.get(back)
    nora.get(back)
    assert Import.objects.count() == 1


def test_a_code_that_was_used_or_stolen_gives_no_token(
    fake: FakeProvider, nora: Client, settings: Any, run_jobs: Callable[[], int]
) -> None:
    run = permitted(nora, "google", settings)
    Grant.objects.update(secret=json.dumps({"code": next(iter(fake.codes)), "verifier": "somebody else's"}))
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.reason) == ("stopped", "code")
    assert not fake.tokens
    assert not Grant.objects.exists()
    assert "could not be used" in nora.get(reverse("contacts:import", args=[run.pk])).content.decode()


def test_a_token_that_may_do_more_is_given_back(
    fake: FakeProvider, nora: Client, settings: Any, run_jobs: Callable[[], int]
) -> None:
    fake.trouble.extra_scope = "https://mail.google.com/"
    run = permitted(nora, "google", settings)
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.reason, Grant.objects.count(), len(fake.revoked)) == ("stopped", "scope", 0, 1)


def test_a_quota_is_waited_for(fake: FakeProvider, nora: Client, settings: Any, run_jobs: Callable[[], int]) -> None:
    fake.trouble.busy, fake.trouble.retry_after = 2, 1800
    run = permitted(nora, "google", settings)
    run_jobs()
    later = Job.objects.get(task="import.fetch", state="waiting")
    assert later.not_before
    assert "slow down" in nora.get(reverse("contacts:slip", args=[run.pk])).content.decode()
    for _ in range(2):
        Job.objects.filter(task="import.fetch").update(not_before=None)
        run_jobs()
    run.refresh_from_db()
    assert (run.state, run.total) == ("draft", 250)


def test_a_provider_in_trouble_is_tried_again_and_given_up_in_words(
    fake: FakeProvider, nora: Client, settings: Any, run_jobs: Callable[[], int]
) -> None:
    fake.trouble.broken = 3
    run = permitted(nora, "microsoft", settings)
    for _ in range(5):
        Job.objects.filter(task="import.fetch").update(not_before=None)
        run_jobs()
    run.refresh_from_db()
    assert run.state == "draft"
    fake.trouble.broken = 99
    run = permitted(nora, "microsoft", settings)
    for _ in range(6):
        Job.objects.filter(task="import.fetch").update(not_before=None)
        run_jobs()
    run.refresh_from_db()
    assert (run.state, run.reason) == ("stopped", "away")
    assert not ImportPart.objects.filter(of=run).exists()


def test_a_token_that_ends_in_the_middle_keeps_nothing(
    fake: FakeProvider, nora: Client, settings: Any, run_jobs: Callable[[], int]
) -> None:
    fake.trouble.expires_after = 2
    run = permitted(nora, "google", settings)
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.reason) == ("stopped", "expired")
    assert not ImportPart.objects.exists()
    assert not Grant.objects.exists()


def test_a_worker_that_dies_between_pages_reads_on(
    fake: FakeProvider, nora: Client, settings: Any, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = permitted(nora, "google", settings)
    with monkeypatch.context() as patch:
        packed = oauth_import._packed
        calls: list[int] = []

        def dies(read: Any) -> str:
            calls.append(1)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return packed(read)

        patch.setattr(oauth_import, "_packed", dies)
        with pytest.raises(KeyboardInterrupt):
            oauth_import.fetch(import_id=run.pk)
    assert Grant.objects.get().pages == 1
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.total) == ("draft", 250)


def test_one_odd_entry_is_one_bad_row(
    fake: FakeProvider, nora: Client, settings: Any, run_jobs: Callable[[], int]
) -> None:
    fake.trouble.bad_entry = True
    run = permitted(nora, "google", settings)
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.total, run.bad) == ("draft", 249, 1)


@pytest.mark.parametrize(
    "link", ["http://169.254.169.254/v1.0/me/contacts", "file:///etc/passwd", "http://127.0.0.1:1/"]
)
def test_a_next_page_at_another_host_is_not_followed(
    fake: FakeProvider, nora: Client, settings: Any, run_jobs: Callable[[], int], link: str
) -> None:
    fake.trouble.next_link = link
    run = permitted(nora, "microsoft", settings)
    run_jobs()
    run.refresh_from_db()
    assert run.state == "stopped"


def test_an_account_that_goes_drops_its_token_at_once_and_the_provider_hears_later(
    fake: FakeProvider, member: Any, nora: Client, settings: Any, run_jobs: Callable[[], int]
) -> None:
    permitted(nora, "google", settings)
    fake.trouble.revoke_down = 2
    Grant.objects.update(secret=json.dumps({"token": "a-token", "next": ""}))
    erasure.erase_member(member)
    assert (Grant.objects.count(), Revocation.objects.count()) == (0, 1)
    for _ in range(3):
        Job.objects.filter(task="import.revoke").update(not_before=None)
        run_jobs()
    assert fake.revoked == ["a-token"]
    assert not Revocation.objects.exists()


def test_tokens_lie_encrypted_and_stand_in_no_job(fake: FakeProvider, nora: Client, settings: Any) -> None:
    from django.db import connection

    run = permitted(nora, "google", settings)
    secret = json.loads(Grant.objects.get().secret)["code"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM contacts_grant")
        assert secret not in cursor.fetchone()[0]
    assert Job.objects.get(task="import.fetch").args == {"import_id": run.pk}


def test_a_run_that_nobody_ends_is_ended(fake: FakeProvider, nora: Client, settings: Any) -> None:
    from datetime import timedelta

    from django.utils import timezone

    run = permitted(nora, "google", settings)
    assert oauth_import.repair(False) == 0
    Import.objects.update(created_at=timezone.now() - timedelta(hours=3))
    assert (oauth_import.repair(True), oauth_import.repair(False)) == (1, 1)
    run.refresh_from_db()
    assert (run.state, Grant.objects.count()) == ("stopped", 0)


@pytest.mark.parametrize(
    ("address", "public"),
    [("8.8.8.8", True), ("127.0.0.1", False), ("10.0.0.1", False), ("169.254.169.254", False), ("::1", False),
     ("::ffff:10.0.0.1", False), ("fe80::1%eth0", False), ("224.0.0.1", False), ("2606:4700::1", True)],
)  # fmt: skip
def test_only_public_addresses_are_called(address: str, public: bool) -> None:
    assert outside.is_public(address) == public


def test_a_host_that_nobody_named_is_never_called(fake: FakeProvider, settings: Any) -> None:
    google = provider("google")
    assert google
    for url in ("http://169.254.169.254/token", "https://oauth2.googleapis.com.evil.example/token"):
        with pytest.raises(JobFailed) as error:
            outside.call("POST", url, origins=google.origins)
        assert error.value.permanent
        assert "169" not in str(error.value)


def test_a_name_that_points_home_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(2, 1, 6, "", ("93.184.215.14", 443)), (2, 1, 6, "", ("10.0.0.7", 443))]
    monkeypatch.setattr(outside.socket, "getaddrinfo", lambda *_args, **_kwargs: found)
    with pytest.raises(JobFailed, match="private network"):
        outside.call("GET", "https://people.example.org/", origins=["https://people.example.org"])


def test_nobody_there_is_worth_another_try() -> None:
    with pytest.raises(JobFailed):
        outside.call("GET", "http://127.0.0.1:9/", origins=["http://127.0.0.1:9"])
