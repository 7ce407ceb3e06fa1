"""Disclosure of matches with a small synthetic roll."""

from collections.abc import Callable
from pathlib import Path

import pytest

from apps.accounts.models import User
from apps.contacts.services import opt_out
from apps.districts import services as districts
from apps.matching import shipped_model
from tests.contacts.helpers import WIM, import_people, roll_rows
from tests.districts.samples import halves, load, ranges_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def boundaries(tmp_path: Path) -> None:
    """Load two congressional districts and a road with addresses across their border."""
    districts.load_addresses(path=ranges_file(tmp_path / "ranges.parquet"))
    load(tmp_path, "cd", "2022", halves(-99.9995))


def test_a_state_without_a_roll_has_its_own_status(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    wim, far = import_people(member, WIM + "Odo,Thorsby,,5 Oak Rd,Fresno,CA,93701,\n", run_jobs)
    assert (wim.status, far.status) == ("registered", "no_roll")


def test_a_registered_contact_stores_the_method_and_no_place_of_the_roll(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    (wim,) = import_people(member, WIM, run_jobs)
    assert (wim.status, wim.state, wim.districts) == ("registered", "HD", {})
    assert wim.model_version == shipped_model().version


def test_districts_are_those_of_the_owners_place_whether_or_not_it_is_right(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None], boundaries: None
) -> None:
    """The voter on the roll lives elsewhere; the entered place is on public maps."""
    load_roll([*roll_rows(), ["T1", "Zebulon", "", "Quarnsby", "1957", "5 Oak Rd", "Tarn", "QX", "00412", "", "active",
                              "Isel", "12", "3", "4", "11", "27"]])  # fmt: skip
    (one,) = import_people(member, "Zebulon,Quarnsby,,102 Main St,Anytown,QX,00501,\n", run_jobs)
    assert (one.status, one.state) in {("registered", "QX"), ("likely", "QX")}
    assert list(one.districts) == ["cd"]
    assert one.districts["cd"].startswith("ocd-division/country:us/state:qx/cd:")


def test_another_person_at_the_same_address_is_not_found(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    (zoe,) = import_people(member, "Zerline,Thorsby,,101 Elm St,Port Ansel,HD,00411,\n", run_jobs)
    assert (zoe.status, zoe.state, zoe.districts) == ("not_found", "", {})


def test_a_right_address_raises_the_status_of_a_namesake(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    bare, placed = import_people(member, "Abena,Thorsby,,,,HD,,\nAbena,Thorsby,,100 Elm St,Tarn,HD,00410,\n", run_jobs)
    assert (bare.status, placed.status) == ("unclear", "likely")


def test_a_person_who_is_taken_off_reads_as_an_ordinary_not_found(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    opt_out.opt_out(phone="+1 (919) 555-0101")
    wim, nobody = import_people(member, WIM + "Zed,Nobody,919-555-0199,5 Oak Rd,Tarn,HD,00411,1950\n", run_jobs)
    stored = ("status", "state", "districts", "matched_voter", "model_version", "correction", "never_merge")
    assert [getattr(wim, name) for name in stored] == [getattr(nobody, name) for name in stored]
    assert wim.status == "not_found"
