"""The pages: equal ways in, a preview that keeps nothing, and nobody else's contacts."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.contacts.models import Contact, Import
from apps.contacts.parsing.types import MAX_FILE_BYTES

from .dialects import DIALECTS, FRIENDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora(member: Any, client_of: Callable[[Any], Client]) -> Client:
    """Return the member's browser."""
    return client_of(member)


def send(browser: Client, data: bytes, name: str = "contacts.csv") -> Any:
    """Send a file and follow to what comes."""
    return browser.post(reverse("contacts:bring"), {"file": SimpleUploadedFile(name, data)}, follow=True)


def text(response: Any) -> str:
    """Return the words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize("name", ["home", "bring", "paste", "one", "imports", "erase"])
def test_pages_open_for_members_only(nora: Client, client: Client, name: str) -> None:
    assert nora.get(reverse(f"contacts:{name}")).status_code == 200
    assert client.get(reverse(f"contacts:{name}")).status_code == 302


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_comes_in_by_the_page(nora: Client, run_jobs: Callable[[], int], name: str) -> None:
    preview = send(nora, DIALECTS[name](FRIENDS))
    assert "We read 4 people" in text(preview)
    assert not Contact.objects.exists()
    draft = Import.objects.get()
    nora.post(reverse("contacts:confirm", args=[draft.pk]))
    run_jobs()
    assert "4 people are in" in text(nora.get(reverse("contacts:import", args=[draft.pk])))
    assert Contact.objects.count() == 4


def test_a_paste_and_a_typed_person_come_in(nora: Client, run_jobs: Callable[[], int]) -> None:
    preview = nora.post(reverse("contacts:paste"), {"text": "Ann Lee, Tarn\nBob Ray, 919-555-0101"}, follow=True)
    assert "We read 2 people" in text(preview)
    nora.post(reverse("contacts:confirm", args=[Import.objects.get().pk]))
    nora.post(reverse("contacts:one"), {"first": "Cy", "last": "Poe", "zip": "00417"})
    run_jobs()
    home = text(nora.get(reverse("contacts:home")))
    assert all(name in home for name in ("Ann Lee", "Bob Ray", "Cy Poe"))


def test_a_typed_nobody_is_refused_with_words(nora: Client) -> None:
    answer = nora.post(reverse("contacts:one"), {"city": "Tarn"})
    assert answer.status_code == 422
    assert "Type a name, a mail address or a phone number." in text(answer)


def test_bad_lines_are_shown_with_cure_and_download(nora: Client, run_jobs: Callable[[], int]) -> None:
    preview = send(nora, b"Name,Email\nAnn Lee,ann@example.org\n=1+1,Ray,bob@example.org\n")
    assert "1 line can’t be read. The other 1 go in." in text(preview)
    assert "Line 3: 3 columns, the header has 2. Look for a stray comma or quote." in text(preview)
    draft = Import.objects.get()
    nora.post(reverse("contacts:confirm", args=[draft.pk]))
    run_jobs()
    rows = nora.get(reverse("contacts:bad_rows", args=[draft.pk]))
    assert "'=1+1,Ray,bob@example.org" in rows.content.decode()
    assert "attachment" in rows.headers["Content-Disposition"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04zip", b"\x00\x01\x02" * 99])
def test_what_is_no_contact_file_is_refused_at_its_field(nora: Client, data: bytes) -> None:
    answer = send(nora, data)
    assert answer.status_code == 422
    assert not Import.objects.exists()


def test_a_file_over_100_mb_is_turned_away_unread(nora: Client) -> None:
    answer = nora.post(reverse("contacts:bring"), b"", content_type="text/csv", CONTENT_LENGTH=str(MAX_FILE_BYTES * 2))
    assert answer.status_code == 413
    assert "larger than 100 MB" in text(answer)


def test_the_token_is_asked_for_all_the_same(member: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(member)
    assert browser.post(reverse("contacts:bring"), {"file": SimpleUploadedFile("a", b"Name\nAnn")}).status_code == 403


def test_unknown_columns_are_mapped_and_remembered(nora: Client, run_jobs: Callable[[], int]) -> None:
    preview = send(nora, b"Wer,Erreichbar\nAnn Lee,ann@example.org\n")
    assert "Which column is what?" in text(preview)
    draft = Import.objects.get()
    nora.post(reverse("contacts:columns", args=[draft.pk]), {"column-0": "full", "column-1": "email"})
    assert "We read 1 person" in text(nora.get(reverse("contacts:import", args=[draft.pk])))
    again = send(nora, b"Wer,Erreichbar\nBob Ray,bob@example.org\n")
    assert "We read 1 person" in text(again)
    assert "Bob Ray" in text(again)


def test_pressed_twice_is_done_once(nora: Client, run_jobs: Callable[[], int]) -> None:
    send(nora, b"Name\nAnn Lee\n")
    draft = Import.objects.get()
    for _ in range(2):
        nora.post(reverse("contacts:confirm", args=[draft.pk]))
    run_jobs()
    assert Contact.objects.count() == 1


def test_progress_is_swapped_by_itself_and_ends(nora: Client, run_jobs: Callable[[], int]) -> None:
    send(nora, b"Name\nAnn Lee\n")
    draft = Import.objects.get()
    nora.post(reverse("contacts:confirm", args=[draft.pk]))
    page = nora.get(reverse("contacts:import", args=[draft.pk])).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert "Refresh" in page
    slip = nora.get(reverse("contacts:slip", args=[draft.pk]))
    assert "HX-Refresh" not in slip.headers
    run_jobs()
    assert nora.get(reverse("contacts:slip", args=[draft.pk])).headers["HX-Refresh"] == "true"


def test_an_import_is_taken_back_by_its_page(nora: Client, run_jobs: Callable[[], int]) -> None:
    send(nora, b"Name\nAnn Lee\n")
    draft = Import.objects.get()
    nora.post(reverse("contacts:confirm", args=[draft.pk]))
    run_jobs()
    nora.post(reverse("contacts:undo", args=[draft.pk]))
    run_jobs()
    assert not Contact.objects.exists()
    assert "taken back" in text(nora.get(reverse("contacts:import", args=[draft.pk])))


def test_names_are_found_by_whole_words(nora: Client, run_jobs: Callable[[], int]) -> None:
    send(nora, "Name\nJosé Muñoz\nAnn Lee\nAnn Ray\n".encode())
    nora.post(reverse("contacts:confirm", args=[Import.objects.get().pk]))
    run_jobs()
    found = text(nora.post(reverse("contacts:search"), {"name": "ANN lee"}))
    assert "Ann Lee" in found
    assert "Ann Ray" not in found
    assert "José" in text(nora.post(reverse("contacts:search"), {"name": "jose"}))
    assert nora.get(reverse("contacts:search"), {"name": "Ann"}).status_code == 405


def test_a_hostile_name_stays_text(nora: Client, run_jobs: Callable[[], int]) -> None:
    send(nora, b'Name,Email\n"<script>alert(1)</script>",x@example.org\n"=cmd|A0",y@example.org\n', "../../a\r\nb.csv")
    nora.post(reverse("contacts:confirm", args=[Import.objects.get().pk]))
    run_jobs()
    assert b"<script>alert" not in nora.get(reverse("contacts:home")).content
    assert "'=cmd" in nora.get(reverse("contacts:download")).content.decode("utf-8-sig")


@pytest.mark.parametrize("name", ["../../x.csv", "a\r\nSet-Cookie: b=c.csv", "x" * 4096 + ".csv", "a\u202evsc.exe.csv"])
def test_a_hostile_file_name_reaches_no_header_and_no_folder(nora: Client, settings: Any, name: str) -> None:
    answer = send(nora, b"Name,Email\nAnn Lee,ann@example.org\n", name)
    assert "We read 1 person" in text(answer)
    assert "b" not in answer.cookies
    assert "\u202e" not in answer.content.decode()
    kept = [path.name for path in settings.DATA_DIR.rglob("*") if path.is_file()]
    assert not [one for one in kept if one.endswith(("x.csv", "=c.csv", "exe.csv"))]


def test_somebody_elses_contacts_do_not_exist(
    nora: Client, other_member: Any, owner: Any, client_of: Callable[[Any], Client], run_jobs: Callable[[], int]
) -> None:
    send(nora, b"Name\nAnn Lee\n")
    draft = Import.objects.get()
    strangers = [client_of(other_member), client_of(owner)]
    reads, writes = ["import", "slip", "said", "bad_rows"], ["confirm", "columns", "undo"]

    def all_missing() -> None:
        for browser in strangers:
            codes = [browser.get(reverse(f"contacts:{name}", args=[draft.pk])).status_code for name in reads]
            codes += [browser.post(reverse(f"contacts:{name}", args=[draft.pk])).status_code for name in writes]
            assert set(codes) == {404}

    all_missing()
    nora.post(reverse("contacts:confirm", args=[draft.pk]))
    run_jobs()
    all_missing()
    contact = Contact.objects.get()
    for browser in strangers:
        assert browser.get(reverse("contacts:contact", args=[contact.pk])).status_code == 404
        for name in ("correct", "detail", "forget"):
            assert browser.post(reverse(f"contacts:{name}", args=[contact.pk]), {"zip": "00417"}).status_code == 404
        assert "Ann Lee" not in text(browser.post(reverse("contacts:search"), {"name": "Ann"}))
        assert "Ann Lee" not in browser.get(reverse("contacts:download")).content.decode()
    assert Contact.objects.count() == 1


def test_forgetting_one_and_all(nora: Client, run_jobs: Callable[[], int]) -> None:
    send(nora, b"Name\nAnn Lee\nBob Ray\nCy Poe\n")
    nora.post(reverse("contacts:confirm", args=[Import.objects.get().pk]))
    run_jobs()
    first = Contact.objects.order_by("pk").first()
    assert first
    assert "Ann Lee" in text(nora.get(reverse("contacts:contact", args=[first.pk])))
    nora.post(reverse("contacts:forget", args=[first.pk]))
    assert Contact.objects.count() == 2
    nora.post(reverse("contacts:erase"))
    assert not Contact.objects.exists()
