"""What an owner learns from a real, small, made-up roll, and what nobody learns."""

import csv
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as house
from django.urls import reverse

from apps.contacts import matching as contact_matching
from apps.contacts import serialization
from apps.contacts.imports import previews
from apps.contacts.models import Contact, Import
from apps.contacts.services import corrections, locking, quotas
from apps.core.errors import Refused
from apps.jobs.models import Job
from apps.matching import shipped_model
from apps.voters import suppression
from apps.voters.layout import load_layout
from apps.voters.loading.load import LoadRequest, load

pytestmark = pytest.mark.django_db

FIRST = ("Abena", "Wim", "Ida", "Kofi", "Luis", "Jo", "Nora", "Sam", "Petra", "Odo")
LAST = ("Thorsby", "Castellane", "Brandtosei", "Marchetti", "Sandoval", "Quockham", "Ferrow", "Millrace", "Ansel")
HEADER = (
    *("voter_id", "first_name", "middle_name", "last_name", "birth_year", "address", "city", "state", "zip", "phone"),
    *("status", "county", "precinct", "ward", "cd", "sldu", "sldl"),
)


def voters() -> Iterator[list[str]]:
    """Yield 90 people, a house each, two of them namesakes in one city."""
    for number in range(90):
        first, last = FIRST[number % 10], LAST[number // 10]
        yield [
            *(f"V{number:04d}", first, "", last, str(1940 + number % 60), f"{100 + number} Elm St"),
            *("Port Ansel" if number % 2 else "Tarn", "HD", f"004{10 + number % 7}", f"91955501{number:02d}", "active"),
            *("Isel", "12", "3", "4", "11", "27"),
        ]
    yield ["V0090", "Abena", "", "Thorsby", "1999", "7 Oak Rd", "Tarn", "HD", "00410", "", "active",
           "Isel", "12", "3", "4", "11", "28"]  # fmt: skip


@pytest.fixture(autouse=True)
def _real_index(index: Any, settings: Any) -> None:
    """Undo the table: these tests ask the embedded index."""
    embedded = {"files": "apps.voters.search.embedded.EmbeddedVoterIndex"}
    settings.BACKENDS = {**settings.BACKENDS, "VOTER_SEARCH_URL": embedded}
    settings.VOTER_SEARCH_URL = f"files://{house.DATA_DIR / 'rolls'}"


@pytest.fixture
def load_roll(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a loader of the roll; a crowd is 20 people here."""
    monkeypatch.setattr(contact_matching, "SMALLEST_CROWD", 20)

    def run(rows: list[list[str]] | None = None) -> None:
        path = tmp_path / "roll.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADER, *(voters() if rows is None else rows)])
        load(LoadRequest(path=path, layout=load_layout("generic"), accept="test"))

    return run


def bring(owner: Any, rows: str, run_jobs: Callable[[], int]) -> list[Contact]:
    """Bring people in and return their contacts in order."""
    data = ("First Name,Last Name,Phone,Street,City,State,Zip,Birth year\n" + rows).encode()
    previews.confirm(draft=previews.start_file(owner=owner, stream=BytesIO(data)))
    run_jobs()
    return list(Contact.objects.of(owner).order_by("pk"))


WIM = "Wim,Thorsby,919-555-0101,101 Elm St,Port Ansel,HD,00411,1941\n"


def test_without_a_roll_everybody_waits_for_one(
    member: Any, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    (wim,) = bring(member, WIM, run_jobs)
    assert (wim.status, wim.why) == ("no_roll", [])
    load_roll()
    run_jobs()
    wim.refresh_from_db()
    assert wim.status == "registered"


def test_a_state_without_a_roll_is_said(
    member: Any, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    wim, far = bring(member, WIM + "Odo,Thorsby,,5 Oak Rd,Fresno,CA,93701,\n", run_jobs)
    assert (wim.status, far.status) == ("registered", "no_roll")


def test_a_plan_that_is_made_again_is_paid_once(
    member: Any, run_jobs: Callable[[], int], load_roll: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_roll()
    losses = iter([True, True, False])
    change = locking.changing

    def loses_twice(owner_id: int, planned_at: int) -> Any:
        return change(owner_id, planned_at - next(losses, False))

    monkeypatch.setattr(locking, "changing", loses_twice)
    (wim,) = bring(member, WIM, run_jobs)
    assert wim.status == "registered"
    assert quotas.left_today(member.pk) == quotas.A_DAY - 1


def test_registered_shows_what_agreed_and_districts_of_the_place_given(
    member: Any, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    (wim,) = bring(member, WIM, run_jobs)
    assert (wim.status, wim.state) == ("registered", "HD")
    assert {"name", "street", "birth_year"} <= set(wim.why)
    assert wim.snapshot_id
    assert wim.model_version == shipped_model().version
    assert set(wim.districts) == {"cd", "county", "sldu", "sldl"}


def test_no_place_no_district(member: Any, run_jobs: Callable[[], int], load_roll: Callable[..., None]) -> None:
    load_roll()
    wim, ida = bring(member, "Wim,Thorsby,919-555-0101,,,,,1941\nIda,Thorsby,919-555-0102,,Tarn,,,1942\n", run_jobs)
    assert (wim.status, wim.state, wim.districts) == ("registered", "HD", {})
    assert ida.districts == {}  # a city agrees, but says less than a district would


def test_a_combination_that_few_share_is_made_coarser(
    member: Any, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    (abena,) = bring(member, "Abena,Thorsby,,7 Oak Rd,Tarn,HD,00410,1999\n", run_jobs)
    assert abena.status == "registered"
    assert set(abena.districts) == {"cd", "county", "sldu"}  # one voter lives in house district 28


def test_somebody_else_at_the_address_is_not_found(
    member: Any, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    (zoe,) = bring(member, "Zerline,Thorsby,,101 Elm St,Port Ansel,HD,00411,\n", run_jobs)
    assert (zoe.status, zoe.state, zoe.districts, zoe.why) == ("not_found", "", {}, [])


def test_a_protected_voter_reads_like_nobody(
    member: Any, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    (wim,) = bring(member, WIM, run_jobs)
    assert wim.status == "registered"
    suppression.suppress(state="HD", voter_id="V0001", by="person")
    run_jobs()
    wim.refresh_from_db()
    assert (wim.status, wim.state, wim.districts, wim.why, wim.answered) == ("not_found", "", {}, [], "")


def test_a_refused_voter_stays_refused_when_a_new_roll_comes(
    member: Any, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    (wim,) = bring(member, WIM, run_jobs)
    corrections.correct(contact=wim, correction="not_person")
    wim.refresh_from_db()
    assert (wim.status, wim.districts) == ("not_found", {})
    load_roll([*voters(), ["V0091", "New", "", "Comer", "1990", "9 Oak Rd", "Tarn", "HD", "00410", "", "active",
                           "Isel", "12", "3", "4", "11", "27"]])  # fmt: skip
    assert run_jobs()
    wim.refresh_from_db()
    assert (wim.status, wim.correction) == ("not_found", "not_person")
    corrections.take_back(contact=wim)
    wim.refresh_from_db()
    assert (wim.status, wim.correction, wim.refused) == ("registered", "", [])


def test_somebody_else_than_the_refused_one_is_shown_again(
    member: Any, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    (abena,) = bring(member, "Abena,Thorsby,,100 Elm St,Tarn,HD,00410,\n", run_jobs)
    corrections.correct(contact=abena, correction="not_person")
    corrections.add_detail(contact=abena, birth_year="1999")
    left = [row for row in voters() if row[0] != "V0000"]
    load_roll(left)
    run_jobs()
    abena.refresh_from_db()
    assert abena.refused
    assert abena.status == "not_found" or not abena.correction


@pytest.mark.parametrize("correction", ["cannot_find", "is_me"])
def test_what_the_owner_decided_stays(
    member: Any, run_jobs: Callable[[], int], load_roll: Callable[..., None], correction: str
) -> None:
    load_roll()
    (wim,) = bring(member, WIM, run_jobs)
    corrections.correct(contact=wim, correction=correction)
    wim.refresh_from_db()
    decided = (wim.status, wim.correction)
    load_roll([row for row in voters() if row[0] != "V0050"])
    bring(member, WIM.replace("919-555-0101", "919-555-0177"), run_jobs)
    wim.refresh_from_db()
    assert (wim.status, wim.correction) == decided
    assert len(serialization.from_text(wim.data).phones) == 2


def test_one_more_detail_settles_a_namesake(
    member: Any, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    (abena,) = bring(member, "Abena,Thorsby,,,Tarn,HD,,\n", run_jobs)
    assert abena.status == "unclear"
    corrections.add_detail(contact=abena, birth_year="1999")
    abena.refresh_from_db()
    assert abena.status in {"registered", "likely"}
    assert serialization.from_text(abena.data).birth_year == "1999"


def test_a_name_is_asked_five_times_a_week_and_then_not(
    member: Any, run_jobs: Callable[[], int], load_roll: Callable[..., None], client_of: Callable[..., Any]
) -> None:
    load_roll()
    (abena,) = bring(member, "Abena,Thorsby,,,,,,\n", run_jobs)
    for number in range(4):
        corrections.add_detail(contact=abena, zip_code=f"0041{number}")
    with pytest.raises(Refused, match="this week’s checks"):
        corrections.add_detail(contact=abena, zip_code="00419")
    page = client_of(member).post(reverse("contacts:detail", args=[abena.pk]), {"zip": "00419"})
    assert page.status_code == 422


def test_a_walk_of_invented_contacts_learns_what_its_budget_allows(
    member: Any, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    walk = "".join(f"Wim,Thorsby,,{number} Elm St,Port Ansel,HD,00411,\n" for number in range(90, 110))
    contacts = bring(member, walk, run_jobs)
    assert sum(contact.status != "waiting" for contact in contacts) == quotas.A_TARGET_AND_WEEK


def test_the_days_budget_is_spent_before_the_answer(
    member: Any, run_jobs: Callable[[], int], load_roll: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_roll()
    monkeypatch.setattr(quotas, "A_DAY", 3)
    contacts = bring(member, "".join(f"{first},Ferrow,,,Tarn,HD,,\n" for first in FIRST), run_jobs)
    assert sum(contact.status == "waiting" for contact in contacts) == 7
    assert quotas.left_today(member.pk) == 0


def test_a_failing_budget_answers_nothing(
    member: Any, run_jobs: Callable[[], int], load_roll: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_roll()
    monkeypatch.setattr(quotas, "_spent", lambda *_: 1 / 0)
    data = b"First Name,Last Name\nWim,Thorsby\n"
    one = previews.confirm(draft=previews.start_file(owner=member, stream=BytesIO(data)))
    for _attempt in range(6):
        Job.objects.filter(task="import.chunk").update(not_before=None)
        run_jobs()
    one.refresh_from_db()
    assert (one.state, Contact.objects.count()) == ("waiting", 0) or one.state in {"running", "stopped"}
    assert not Contact.objects.exclude(status="waiting").exists()


def test_pages_say_why_and_never_what_the_roll_says(
    member: Any, run_jobs: Callable[[], int], load_roll: Callable[..., None], client_of: Callable[..., Any]
) -> None:
    load_roll()
    browser = client_of(member)
    (wim,) = bring(member, "Wim,Thorsby,919-555-0101,,Port Ansel,,,\n", run_jobs)
    pages = (
        browser.get(reverse("contacts:home")).content + browser.get(reverse("contacts:contact", args=[wim.pk])).content
    )
    assert wim.status in {"registered", "likely"}
    for secret in (b"101 Elm", b"00411", b"1941", b"V0001", b"precinct", b"ward"):
        assert secret not in pages


def test_counts_stay_with_the_import(member: Any, run_jobs: Callable[[], int], load_roll: Callable[..., None]) -> None:
    load_roll()
    bring(member, WIM + "Zerline,Nobody,,,,,,\n", run_jobs)
    assert Import.objects.get().counts == {"registered": 1, "not_found": 1}
