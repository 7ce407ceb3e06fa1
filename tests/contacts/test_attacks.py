"""Attacks on contacts that once worked: what a member learns about a voter by guessing, or by suppressing them."""

from collections.abc import Callable, Iterable

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.contacts import export
from apps.contacts.models import Contact
from apps.contacts.services import rechecks
from apps.jobs.models import Job
from apps.voters import suppression
from tests.contacts.helpers import import_people, page_text, roll_rows
from tests.redteam.clock import pass_days

pytestmark = pytest.mark.django_db

# One letter of the surname differs, which the matcher tolerates.
NAME = "Inkwall"
CHANGED = [NAME[:place] + letter + NAME[place + 1 :] for place in range(3, 7) for letter in "aeioukrw"]
VARIANTS = [name for name in CHANGED if name != NAME]
TARGET = ["T1", "Petra", "", "Inkwall", "1957", "42 Oak Rd", "Tarn", "HD", "00412", "", "active",
          "Isel", "12", "3", "4", "11", "27"]  # fmt: skip
NAMESAKE = ["T2", "Petra", "", "Inkwall", "1988", "7 Birch Ln", "Port Ansel", "HD", "00416", "", "active",
            "Isel", "12", "3", "4", "11", "27"]  # fmt: skip


@pytest.fixture
def roll(load_roll: Callable[..., None]) -> None:
    """Load a roll with the target and a namesake, so that a place or a birth year may distinguish them."""
    load_roll([*roll_rows(), TARGET, NAMESAKE])


def answers(contacts: Iterable[Contact]) -> set[tuple[str, str]]:
    """Return the distinct results of contacts without the details that their owner supplied."""
    return {(one.status, one.matched_voter and "a voter") for one in contacts}


def test_spelling_variants_with_addresses_reveal_no_street(
    member: User, run_jobs: Callable[[], int], roll: None
) -> None:
    """Break 1: each variant was a name of its own, so that each could try another address."""
    wrong = "".join(f"Petra,{name},,{90 + at} Elm St,Tarn,HD,00412,\n" for at, name in enumerate(VARIANTS))
    right = "".join(f"Petra,{name},,42 Oak Rd,Tarn,HD,00412,\n" for name in VARIANTS)
    contacts = import_people(member, wrong + right, run_jobs)
    by_name = len(VARIANTS)
    for with_wrong, with_right in zip(contacts[:by_name], contacts[by_name:], strict=True):
        assert with_wrong.status == with_right.status


def test_streets_of_one_name_reveal_none(member: User, run_jobs: Callable[[], int], roll: None) -> None:
    """Break 1 with the right spelling: after five wrong addresses only the bare name counts."""
    (bare,) = import_people(member, "Petra,Inkwall,,,,HD,,\n", run_jobs)
    rows = "".join(f"Petra,Inkwall,,{number} Oak Rd,Tarn,HD,00412,\n" for number in range(20, 60))
    tried = import_people(member, rows, run_jobs)[1:]
    assert answers(tried) == answers([bare])


def test_birth_years_and_zip_codes_of_one_name_reveal_none(
    member: User, run_jobs: Callable[[], int], roll: None
) -> None:
    """Break 2: eighty birth years, or all ZIP codes, in one file."""
    (bare,) = import_people(member, "Petra,Inkwall,,,,HD,,\n", run_jobs)
    years = "".join(f"Petra,Inkwall,,,,HD,,{year}\n" for year in range(1930, 2008))
    zips = "".join(f"Petra,Inkwall,,,,HD,{number:05d},\n" for number in range(380, 420))
    tried = import_people(member, years + zips, run_jobs)[1:]
    assert len(tried) == 78 + 40
    assert answers(tried) == answers([bare])


def test_many_accounts_share_the_wrong_places_of_a_name(
    make_member: Callable[..., User], run_jobs: Callable[[], int], roll: None
) -> None:
    """Four accounts use up all accounts' attempts; a fifth learns nothing, even at its first attempt."""
    for account in range(4):
        rows = "".join(f"Petra,Inkwall,,{100 * account + at} Elm St,Tarn,HD,00411,\n" for at in range(1, 30))
        import_people(make_member(f"m{account}@example.org"), rows, run_jobs)
    fifth = make_member("m5@example.org")
    contacts = import_people(fifth, "Petra,Inkwall,,42 Oak Rd,Tarn,HD,00412,1957\nPetra,Inkwall,,,,HD,,\n", run_jobs)
    assert len(answers(contacts)) == 1


def test_a_wrong_detail_never_lowers_an_answer(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    """Otherwise each wrong guess would show that the person is somewhere else."""
    load_roll()
    rows = "Wim,Thorsby,,,,HD,,\nWim,Thorsby,,9 Far Rd,Elsewhere,HD,00999,1999\nWim,Thorsby,,,,HD,,1970\n"
    contacts = import_people(member, rows, run_jobs)
    assert len(contacts) == 3
    assert len(answers(contacts)) == 1


def test_districts_are_those_of_the_place_entered(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    """Break 2: the districts of the voter's row revealed ZIP code and county."""
    load_roll()
    (wim,) = import_people(member, "Wim,Thorsby,919-555-0101,101 Elm St,Port Ansel,HD,00411,1941\n", run_jobs)
    assert wim.status == "registered"
    assert wim.districts == {}  # no boundaries are loaded


def test_no_page_or_file_says_which_details_agree(
    member: User, nora: Client, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    (wim,) = import_people(member, "Wim,Thorsby,919-555-0101,101 Elm St,Port Ansel,HD,00411,1941\n", run_jobs)
    pages = [nora.get(reverse("contacts:home")), nora.get(reverse("contacts:contact", args=[wim.pk]))]
    for page in pages:
        text = page_text(page).lower()
        for word in ("the same", " same", "skipped", "agreed", "against the roll"):
            assert word not in text
    assert not {"agreeing_fields", "agreed", "why"} & set(export.COLUMNS)
    assert not [field for field in Contact._meta.get_fields() if "agree" in field.name]


def test_a_suppression_changes_no_contact(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    """Break 6: the flip in one's own contacts confirmed a guess."""
    load_roll()
    (wim,) = import_people(member, "Wim,Thorsby,,101 Elm St,Port Ansel,HD,00411,1941\n", run_jobs)
    before = Contact.objects.filter(pk=wim.pk).values().get()
    suppression.suppress(state="HD", voter_id="V0001", by="person")
    assert not Job.objects.filter(task__startswith="import.recheck").exists()
    run_jobs()
    assert Contact.objects.filter(pk=wim.pk).values().get() == before


def test_a_new_roll_changes_no_contact(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    (wim,) = import_people(member, "Wim,Thorsby,,101 Elm St,Port Ansel,HD,00411,1941\n", run_jobs)
    before = Contact.objects.filter(pk=wim.pk).values().get()
    load_roll([row for row in roll_rows() if row[0] != "V0001"])
    run_jobs()
    assert Contact.objects.filter(pk=wim.pk).values().get() == before


def test_a_recheck_after_a_new_roll_does_not_tell_who_moved(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None], roll: None
) -> None:
    """An address that was right would otherwise turn wrong at the re-check: the voter has moved."""
    (contact,) = import_people(member, "Petra,Inkwall,,42 Oak Rd,Tarn,HD,00412,1957\n", run_jobs)
    before = (contact.status, contact.matched_voter)
    assert contact.status == "registered"
    moved = [*TARGET[:5], "900 Far Rd", "Port Ansel", "HD", "00416", *TARGET[9:]]
    load_roll([*roll_rows(), moved, NAMESAKE])
    rechecks.recheck_all(member.pk)
    run_jobs()
    contact.refresh_from_db()
    assert (contact.status, contact.matched_voter) == before


def test_a_recheck_shows_that_a_voter_left_the_roll(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None], roll: None
) -> None:
    (contact,) = import_people(member, "Petra,Inkwall,,42 Oak Rd,Tarn,HD,00412,1957\n", run_jobs)
    before = contact.matched_voter
    load_roll([*roll_rows(), NAMESAKE])
    rechecks.recheck_all(member.pk)
    run_jobs()
    contact.refresh_from_db()
    assert contact.matched_voter != before


def test_a_second_address_near_the_voter_counts_nothing_for_a_year(
    make_member: Callable[..., User], run_jobs: Callable[[], int], roll: None
) -> None:
    """Whoever knows the ZIP code tried 20 of its few hundred doors in 30 days, and learned 5 of 100 streets."""
    (bare,) = import_people(make_member("m0@example.org"), "Petra,Inkwall,,,,HD,,\n", run_jobs)
    right = "Petra,Inkwall,,42 Oak Rd,Tarn,HD,00412,\n"
    (found,) = import_people(make_member("m1@example.org"), right, run_jobs)
    assert answers([found]) != answers([bare])
    import_people(make_member("m2@example.org"), "Petra,Inkwall,,90 Elm St,Tarn,HD,00412,\n", run_jobs)
    (tried,) = import_people(make_member("m3@example.org"), right, run_jobs)
    assert answers([tried]) == answers([bare])
    pass_days(364)
    (tried,) = import_people(make_member("m4@example.org"), right, run_jobs)
    assert answers([tried]) == answers([bare])
    pass_days(2)
    (later,) = import_people(make_member("m5@example.org"), right, run_jobs)
    assert answers([later]) == answers([found])


def test_an_outdated_address_elsewhere_leaves_the_right_one(
    make_member: Callable[..., User], run_jobs: Callable[[], int], roll: None
) -> None:
    (bare,) = import_people(make_member("m0@example.org"), "Petra,Inkwall,,,,HD,,\n", run_jobs)
    for number in range(3):
        import_people(make_member(f"m1{number}@example.org"), "Petra,Inkwall,,1 Far Rd,Corran,HD,00499,\n", run_jobs)
    (right,) = import_people(make_member("m2@example.org"), "Petra,Inkwall,,42 Oak Rd,Tarn,HD,00412,\n", run_jobs)
    assert answers([right]) != answers([bare])


def test_an_address_without_a_place_is_near_every_bearer_of_the_name(
    make_member: Callable[..., User], run_jobs: Callable[[], int], roll: None
) -> None:
    (bare,) = import_people(make_member("m0@example.org"), "Petra,Inkwall,,,,HD,,\n", run_jobs)
    import_people(make_member("m1@example.org"), "Petra,Inkwall,,90 Elm St,,HD,,\n", run_jobs)
    (right,) = import_people(make_member("m2@example.org"), "Petra,Inkwall,,42 Oak Rd,Tarn,HD,00412,\n", run_jobs)
    assert answers([right]) == answers([bare])
