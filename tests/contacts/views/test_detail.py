"""Pages of one contact."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.contacts import quotas, serialization
from apps.contacts.models import Contact
from apps.contacts.services import corrections, splitting
from apps.core.errors import Refused
from tests.contacts.helpers import CD1, add_contact, import_people, page_text

pytestmark = pytest.mark.django_db


def test_added_details_spend_lookups(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_roll()
    (abena,) = import_people(member, "Abena,Thorsby,,,,,,\n", run_jobs)
    monkeypatch.setattr(quotas, "LOOKUPS", 2)
    for number in range(2):
        corrections.add_detail(contact=abena, zip_code=f"0041{number}")
    with pytest.raises(Refused, match="30 days"):
        corrections.add_detail(contact=abena, zip_code="00419")


def test_a_page_without_lookups_left_refuses_details(
    member: User, nora: Client, run_jobs: Callable[[], int], load_roll: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    load_roll()
    (abena,) = import_people(member, "Abena,Thorsby,,,,,,\n", run_jobs)
    monkeypatch.setattr(quotas, "LOOKUPS", 0)
    assert nora.post(reverse("contacts:detail", args=[abena.pk]), {"zip": "00419"}).status_code == 422
    nora.post(reverse("contacts:correct", args=[abena.pk]), {"correction": "is_me"})
    page = nora.post(reverse("contacts:correct", args=[abena.pk]), {"correction": "take_back"}, follow=True)
    assert "30 days" in page_text(page)


def test_pages_never_show_values_of_the_roll(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None], client_of: Callable[..., Any]
) -> None:
    load_roll()
    browser = client_of(member)
    (wim,) = import_people(member, "Wim,Thorsby,919-555-0101,,Port Ansel,,,\n", run_jobs)
    pages = (
        browser.get(reverse("contacts:home")).content + browser.get(reverse("contacts:contact", args=[wim.pk])).content
    )
    assert wim.status in {"registered", "likely"}
    for secret in (b"101 Elm", b"00411", b"1941", b"V0001", b"precinct", b"ward"):
        assert secret not in pages


def test_only_the_owner_can_split_a_contact(
    member: User,
    other_member: User,
    merged_contact: Contact,
    client_of: Callable[[User], Client],
    run_jobs: Callable[[], int],
) -> None:
    page, act = (
        reverse("contacts:contact", args=[merged_contact.pk]),
        reverse("contacts:apart", args=[merged_contact.pk]),
    )
    row = splitting.merged_rows(merged_contact)[1].number
    assert client_of(other_member).post(act, {"row": row}).status_code == 404
    nora = client_of(member)
    assert b"Joined from these rows" in nora.get(page).content
    nora.post(act, {"row": "odd"})
    assert Contact.objects.count() == 1
    answer = nora.post(act, {"row": row}, follow=True)
    assert b"two people now" in answer.content
    assert b"Joined from these rows" not in nora.get(page).content


def test_the_page_shows_the_owners_values(nora: Client, member: User) -> None:
    contact_id = add_contact(member, 1, cd=CD1)
    page = nora.get(reverse("contacts:contact", args=[contact_id]))
    assert page.status_code == 200
    assert "Ann1 Lee" in page_text(page)
    assert "Congress 1" in page_text(page)


def test_a_correction_is_stored_and_withdrawn(nora: Client, member: User) -> None:
    contact = Contact.objects.get(pk=add_contact(member, 1))
    address = reverse("contacts:correct", args=[contact.pk])
    assert nora.post(address, {"correction": "is_me"}).status_code == 302
    contact.refresh_from_db()
    assert contact.correction == "is_me"
    nora.post(address, {"correction": "nonsense"})
    contact.refresh_from_db()
    assert contact.correction == "is_me"
    nora.post(address, {"correction": "take_back"})
    contact.refresh_from_db()
    assert contact.correction == ""


def test_a_detail_without_a_value_is_an_error(nora: Client, member: User) -> None:
    contact_id = add_contact(member, 1, "unclear")
    assert nora.post(reverse("contacts:detail", args=[contact_id]), {}).status_code == 422
    assert nora.post(reverse("contacts:detail", args=[contact_id]), {"middle": "May"}).status_code == 302
    assert serialization.load_contact(Contact.objects.get(pk=contact_id).data).middle == "May"


def test_a_contact_can_be_erased(nora: Client, member: User) -> None:
    contact_id = add_contact(member, 1)
    assert nora.post(reverse("contacts:forget", args=[contact_id])).status_code == 302
    assert not Contact.objects.exists()
