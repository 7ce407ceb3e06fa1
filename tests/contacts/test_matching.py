"""Disclosure of matches with a small synthetic roll."""

from collections.abc import Callable

import pytest

from apps.accounts.models import User
from apps.matching import shipped_model
from tests.contacts.helpers import WIM, import_people

pytestmark = pytest.mark.django_db


def test_a_state_without_a_roll_has_its_own_status(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    wim, far = import_people(member, WIM + "Odo,Thorsby,,5 Oak Rd,Fresno,CA,93701,\n", run_jobs)
    assert (wim.status, far.status) == ("registered", "no_roll")


def test_a_registered_contact_shows_agreeing_fields_and_districts(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    (wim,) = import_people(member, WIM, run_jobs)
    assert (wim.status, wim.state) == ("registered", "HD")
    assert {"name", "street", "birth_year"} <= set(wim.agreeing_fields)
    assert wim.snapshot_id
    assert wim.model_version == shipped_model().version
    assert set(wim.districts) == {"cd", "county", "sldu", "sldl"}


def test_districts_require_an_agreeing_street_or_zip(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    wim, ida = import_people(
        member, "Wim,Thorsby,919-555-0101,,,,,1941\nIda,Thorsby,919-555-0102,,Tarn,,,1942\n", run_jobs
    )
    assert (wim.status, wim.state, wim.districts) == ("registered", "HD", {})
    assert ida.districts == {}  # a city agrees, but says less than a district would


def test_rare_district_combinations_are_generalized(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    (abena,) = import_people(member, "Abena,Thorsby,,7 Oak Rd,Tarn,HD,00410,1999\n", run_jobs)
    assert abena.status == "registered"
    assert set(abena.districts) == {"cd", "county", "sldu"}  # one voter lives in house district 28


def test_another_person_at_the_same_address_is_not_found(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    (zoe,) = import_people(member, "Zerline,Thorsby,,101 Elm St,Port Ansel,HD,00411,\n", run_jobs)
    assert (zoe.status, zoe.state, zoe.districts, zoe.agreeing_fields) == ("not_found", "", {}, [])
