"""Corrections and added details of the owner."""

from collections.abc import Callable

import pytest

from apps.accounts.models import User
from apps.contacts import serialization
from apps.contacts.services import corrections
from tests.contacts.helpers import WIM, import_people, roll_rows

pytestmark = pytest.mark.django_db


def test_a_rejected_voter_stays_rejected_after_a_new_roll(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    (wim,) = import_people(member, WIM, run_jobs)
    corrections.correct(contact=wim, correction="not_person")
    wim.refresh_from_db()
    assert (wim.status, wim.districts) == ("not_found", {})
    load_roll([*roll_rows(), ["V0091", "New", "", "Comer", "1990", "9 Oak Rd", "Tarn", "HD", "00410", "", "active",
                           "Isel", "12", "3", "4", "11", "27"]])  # fmt: skip
    assert run_jobs()
    wim.refresh_from_db()
    assert (wim.status, wim.correction) == ("not_found", "not_person")
    corrections.withdraw_correction(contact=wim)
    wim.refresh_from_db()
    assert (wim.status, wim.correction, wim.rejected_voters) == ("registered", "", [])


def test_a_different_voter_than_the_rejected_one_may_match(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    (abena,) = import_people(member, "Abena,Thorsby,,100 Elm St,Tarn,HD,00410,\n", run_jobs)
    corrections.correct(contact=abena, correction="not_person")
    corrections.add_detail(contact=abena, birth_year="1999")
    left = [row for row in roll_rows() if row[0] != "V0000"]
    load_roll(left)
    run_jobs()
    abena.refresh_from_db()
    assert abena.rejected_voters
    assert abena.status == "not_found" or not abena.correction


@pytest.mark.parametrize("correction", ["cannot_find", "is_me"])
def test_final_corrections_survive_new_rolls_and_imports(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None], correction: str
) -> None:
    load_roll()
    (wim,) = import_people(member, WIM, run_jobs)
    corrections.correct(contact=wim, correction=correction)
    wim.refresh_from_db()
    decided = (wim.status, wim.correction)
    load_roll([row for row in roll_rows() if row[0] != "V0050"])
    import_people(member, WIM.replace("919-555-0101", "919-555-0177"), run_jobs)
    wim.refresh_from_db()
    assert (wim.status, wim.correction) == decided
    assert len(serialization.load_contact(wim.data).phones) == 2


def test_an_added_detail_settles_namesakes(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    (abena,) = import_people(member, "Abena,Thorsby,,,Tarn,HD,,\n", run_jobs)
    assert abena.status == "unclear"
    corrections.add_detail(contact=abena, zip_code="00410", birth_year="1999")
    abena.refresh_from_db()
    assert abena.status in {"registered", "likely"}
    assert serialization.load_contact(abena.data).birth_year == "1999"
