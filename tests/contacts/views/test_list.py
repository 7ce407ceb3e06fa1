"""Pages of all contacts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts.models import Contact, Import
from apps.core.id_sets.base import id_sets
from apps.jobs.models import Job
from apps.officials.models import Election
from tests.contacts.helpers import CD1, CD2, add_contact, page_text, upload

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["home", "bring", "paste", "one", "imports", "erase"])
def test_pages_open_for_members_only(nora: Client, client: Client, name: str) -> None:
    assert nora.get(reverse(f"contacts:{name}")).status_code == 200
    assert client.get(reverse(f"contacts:{name}")).status_code == 302


def test_search_matches_whole_words(nora: Client, run_jobs: Callable[[], int]) -> None:
    upload(nora, "Name\nJosé Muñoz\nAnn Lee\nAnn Ray\n".encode())
    nora.post(reverse("contacts:confirm", args=[Import.objects.get().pk]))
    run_jobs()
    found = page_text(nora.post(reverse("contacts:search"), {"name": "ANN lee"}))
    assert "Ann Lee" in found
    assert "Ann Ray" not in found
    assert "José" in page_text(nora.post(reverse("contacts:search"), {"name": "jose"}))
    assert nora.get(reverse("contacts:search"), {"name": "Ann"}).status_code == 405


def test_hostile_names_are_escaped(nora: Client, run_jobs: Callable[[], int]) -> None:
    upload(
        nora, b'Name,Email\n"<script>alert(1)</script>",x@example.org\n"=cmd|A0",y@example.org\n', "../../a\r\nb.csv"
    )
    nora.post(reverse("contacts:confirm", args=[Import.objects.get().pk]))
    run_jobs()
    assert b"<script>alert" not in nora.get(reverse("contacts:home")).content
    assert "'=cmd" in nora.get(reverse("contacts:download")).content.decode("utf-8-sig")


def test_contacts_of_other_members_are_not_found(
    nora: Client, other_member: User, owner: User, client_of: Callable[[User], Client], run_jobs: Callable[[], int]
) -> None:
    upload(nora, b"Name\nAnn Lee\n")
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
        assert "Ann Lee" not in page_text(browser.post(reverse("contacts:search"), {"name": "Ann"}))
        assert "Ann Lee" not in browser.get(reverse("contacts:download")).content.decode()
    assert Contact.objects.count() == 1


def test_one_contact_or_all_can_be_erased(nora: Client, run_jobs: Callable[[], int]) -> None:
    upload(nora, b"Name\nAnn Lee\nBob Ray\nCy Poe\n")
    nora.post(reverse("contacts:confirm", args=[Import.objects.get().pk]))
    run_jobs()
    first = Contact.objects.order_by("pk").first()
    assert first
    assert "Ann Lee" in page_text(nora.get(reverse("contacts:contact", args=[first.pk])))
    nora.post(reverse("contacts:forget", args=[first.pk]))
    assert Contact.objects.count() == 2
    nora.post(reverse("contacts:erase"))
    assert not Contact.objects.exists()


def test_the_list_is_filtered_by_status_place_and_election(member: User, client_of: Callable[[User], Client]) -> None:
    for number in range(1, 4):
        add_contact(member, number, "registered" if number < 3 else "likely", cd=CD1 if number != 2 else CD2)
    election = Election.objects.create(
        key="a", name="Midterm", kind="general", date=timezone.localdate() + timedelta(days=9), division=CD1
    )
    browser, home = client_of(member), reverse("contacts:home")

    def names(**query: Any) -> list[str]:
        page = browser.get(home, query)
        assert page.status_code == 200
        return [row.name for row in page.context["rows"]]

    assert names() == ["Ann1 Lee", "Ann2 Lee", "Ann3 Lee"]
    assert names(status="registered") == ["Ann1 Lee", "Ann2 Lee"]
    assert names(place=CD1) == ["Ann1 Lee", "Ann3 Lee"]
    assert names(place=CD1, status="likely") == ["Ann3 Lee"]
    assert names(election=election.pk, status="registered") == ["Ann1 Lee"]
    assert names(place="x' OR 1=1") == names(election="999") == []
    assert names(status="odd", page="x") == ["Ann1 Lee", "Ann2 Lee", "Ann3 Lee"]
    assert b"Midterm" in browser.get(home).content


def test_later_pages_build_no_segment(
    member: User, client_of: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    add_contact(member, 1, cd=CD1)
    browser, home = client_of(member), reverse("contacts:home")
    for query in ({}, {"place": "nowhere"}, {"status": "waiting"}):
        browser.get(home, query)
    monkeypatch.setattr(type(id_sets()), "put_many", lambda *_args: pytest.fail("a set was made again"))
    for query in ({}, {"place": "nowhere"}, {"status": "waiting"}, {"place": CD1}):
        assert browser.get(home, query).status_code == 200


def test_contacts_are_rechecked_once_in_30_days(nora: Client, member: User) -> None:
    add_contact(member, 1)
    home, button = reverse("contacts:home"), "Re-check my contacts"
    assert button in page_text(nora.get(home))
    for message in ("are checked again", "again on"):
        assert message in page_text(nora.post(reverse("contacts:recheck"), follow=True))
    page = page_text(nora.get(home))
    assert button not in page
    assert "Last re-checked on" in page
    assert "You can re-check them again on" in page
    assert Job.objects.filter(task="import.recheck").count() == 1
    assert nora.get(reverse("contacts:recheck")).status_code == 405
