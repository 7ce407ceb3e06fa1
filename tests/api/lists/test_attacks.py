"""Attacks of a partner on voters of the roll: each tries to learn a street, a ZIP code or a birth date from lists."""

import pytest

from apps.accounts.models import User
from apps.core.models import QuotaUse
from apps.jobs import jobs
from apps.voters import suppression
from tests.api.conftest import Caller
from tests.api.lists.partner_lists import approve, list_row, results, submit
from tests.voters.synthetic_rows import voter

pytestmark = pytest.mark.usefixtures("roll")
TARGET = 11


def statuses(
    partner: Caller, owners: tuple[User, User], people: list[dict[str, str]], kind: str = "form"
) -> dict[str, str]:
    """Submit, approve and match a list; return the status of each row."""
    one = submit(partner, people, kind)
    approve(owners, one)
    jobs.drain()
    return dict(line.split(",")[:2] for line in results(partner, one).decode().splitlines()[1:])


def guesses(**columns: list[str]) -> list[dict[str, str]]:
    """Return rows about the target that differ in a column, each with another spelling of the last name."""
    name, values = next(iter(columns.items()))
    last = voter(TARGET)["last_name"]
    spellings = [last, f"{last}e", f"{last}h", last[:-1], last[0] + last]
    return [
        list_row(TARGET, query_id=f"g{number}", last_name=spellings[number % 5], **{name: value})
        for number, value in enumerate(values)
    ]


def test_a_name_alone_is_never_registered(partner: Caller, owners: tuple[User, User]) -> None:
    known = {name: voter(TARGET)[name] for name in ("first_name", "last_name")}
    rows = [
        known,
        known | {"dob": voter(TARGET)["dob"]},
        known | {name: voter(TARGET)[name] for name in ("address", "zip")},
    ]
    people = [{"query_id": str(number), **row} for number, row in enumerate(rows)]
    assert set(statuses(partner, owners, people).values()) == {"not_found"}


def test_spelling_variants_share_the_five_wrong_doors_of_a_voter(partner: Caller, owners: tuple[User, User]) -> None:
    doors = [f"{number} Harbor Lane" for number in range(500, 514)] + [voter(TARGET)["address"]]
    assert set(statuses(partner, owners, guesses(address=doors)).values()) == {"not_found"}


def test_other_keys_and_other_lists_share_the_counter(
    partner: Caller, other_partner: Caller, owners: tuple[User, User]
) -> None:
    for caller in (partner, other_partner):
        statuses(caller, owners, guesses(address=[f"{number} Mill Street" for number in range(900, 903)]))
    assert statuses(partner, owners, [list_row(TARGET)]) == {f"q{TARGET}": "not_found"}


def test_birth_dates_have_two_wrong_tries(partner: Caller, owners: tuple[User, User]) -> None:
    dates = [f"19{year}-01-01" for year in range(60, 63)] + [voter(TARGET)["dob"]]
    assert set(statuses(partner, owners, guesses(dob=dates)).values()) == {"not_found"}


def test_a_right_row_after_few_slips_is_registered(partner: Caller, owners: tuple[User, User]) -> None:
    rows = [*guesses(address=["900 Mill Street", "901 Mill Street"]), list_row(TARGET)]
    assert statuses(partner, owners, rows)[f"q{TARGET}"] == "registered"


def test_wrong_suppressed_and_unknown_rows_read_the_same(partner: Caller, owners: tuple[User, User]) -> None:
    suppression.suppress(state="HD", voter_id=voter(3)["voter_id"], by="operator")
    suppression.suppress(state="HD", voter_id=voter(4)["voter_id"], by="person")
    rows = [list_row(3), list_row(4), list_row(5, first_name="Zed", last_name="Nobody"), list_row(6, dob="1901-01-01")]
    assert set(statuses(partner, owners, rows).values()) == {"not_found"}


def test_lists_spend_no_counter_of_look_ups_or_contacts(partner: Caller, owners: tuple[User, User]) -> None:
    statuses(partner, owners, guesses(address=["900 Mill Street"]))
    contact = {name: voter(TARGET)[name] for name in ("first_name", "last_name")} | {"address": "900 Mill Street"}
    statuses(partner, owners, [{"query_id": "c", **contact}], kind="contact")
    scopes = set(QuotaUse.objects.values_list("scope", flat=True))
    assert {scope for scope in scopes if scope.startswith("list.")} >= {"list.door"}
    assert not {scope for scope in scopes if scope.startswith(("lookup.", "contacts."))}


def test_a_contact_list_tells_no_zip_code(partner: Caller, owners: tuple[User, User]) -> None:
    known = {name: voter(TARGET)[name] for name in ("first_name", "last_name")}
    zips = [voter(TARGET)["zip"], "00401", ""]
    people = [{"query_id": str(number), **known, "zip": zip_code} for number, zip_code in enumerate(zips)]
    assert len(set(statuses(partner, owners, people, kind="contact").values())) == 1


def test_more_than_three_rows_of_a_name_are_refused_by_name_of_row(partner: Caller) -> None:
    people = [list_row(TARGET, query_id=f"g{number}", address=f"{number} Oak St") for number in range(4)]
    response = partner.post("lists", {"purpose": "Remind our members", "people": people})
    assert response.status_code == 422
    assert "g0, g1, g2, g3" in response.json()["detail"]
