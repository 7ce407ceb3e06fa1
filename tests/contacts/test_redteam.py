"""Attack on contacts: knowing names and emails, try to learn ZIP codes."""

import csv
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.accounts.models import User
from apps.contacts import matching as contact_matching
from apps.contacts.parsing import PostalPlace, RawContact
from apps.voters import k_anonymity
from apps.voters.layout import load_layout
from apps.voters.loading.load import LoadRequest, load
from apps.voters.search.base import voter_index

pytestmark = pytest.mark.django_db


VOTERS, TARGETS, ZIPS = 4_000, 1_000, 40


HEADER = (
    "voter_id",
    "first_name",
    "last_name",
    "birth_year",
    "address",
    "city",
    "state",
    "zip",
    "email",
    "status",
    "cd",
)


SYLLABLES = (
    "ba",
    "ker",
    "lo",
    "min",
    "tra",
    "vel",
    "osh",
    "gan",
    "dru",
    "pel",
    "sto",
    "wick",
    "hul",
    "ter",
    "mon",
    "ey",
)


FIRST = ("Ann", "Wim", "Ida", "Kofi", "Luis", "Jo", "Nora", "Sam", "Petra", "Odo", "Zoe", "Carl", "Vera", "Hugo", "May")


@pytest.fixture(autouse=True)
def _clear_k_anonymity_cache() -> Iterator[None]:
    """Clear cached counts of a roll whose number another test's roll also has."""
    yield
    k_anonymity._cache.clear()
    k_anonymity._count_matching.cache_clear()


@pytest.fixture
def voters(embedded_index: None, tmp_path: Path) -> list[dict[str, str]]:
    """Load a roll in which one of four shares a name with another voter, and one of six has an email address."""
    dice = random.Random(20)
    rows: list[dict[str, str]] = []
    for number in range(VOTERS):
        first, last = dice.choice(FIRST), "".join(dice.choice(SYLLABLES) for _ in range(4)).title()
        if number % 4 == 3:
            first, last = rows[-1]["first_name"], rows[-1]["last_name"]
        mail = f"{first}.{number}@example.org".lower() if number % 6 == 0 else ""
        values = (f"V{number}", first, last, str(1940 + number % 60), f"{number} Elm St", f"Town {number % 11}", "HD",
                  f"004{dice.randrange(ZIPS):02d}", mail, "active", str(number % 3))  # fmt: skip
        rows.append(dict(zip(HEADER, values, strict=True)))
    path = tmp_path / "roll.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER)
        writer.writeheader()
        writer.writerows(rows)
    load(LoadRequest(path=path, layout=load_layout("generic"), accept="test"))
    return rows


def known(row: dict[str, str], zip_code: str, street: str) -> RawContact:
    """Return a target as the attacker enters them: name and email are right, the place is a guess."""
    mail = row["email"] or f"{row['voter_id']}@example.com".lower()
    place = PostalPlace(street=street, state="HD", zip=zip_code)
    return RawContact(first=row["first_name"], last=row["last_name"], emails=(mail,), places=(place,))


STRENGTH = {"registered": 3, "likely": 2, "unclear": 1}


@pytest.mark.slow
@pytest.mark.parametrize("street", ["", "1 Made-up Rd"])
def test_names_and_emails_reveal_no_zip(member: User, voters: list[dict[str, str]], street: str) -> None:
    """The attacker tries the five most common ZIP codes on each target, and believes any result that differs."""
    targets = random.Random(21).sample(voters, TARGETS)
    common = [zip_code for zip_code, _number in Counter(row["zip"] for row in voters).most_common(5)]
    baseline = sum(row["zip"] == common[0] for row in targets) / TARGETS
    seen: list[dict[str, tuple[bool, int]]] = [{} for _row in targets]
    for zip_code in common:
        asked = [known(row, zip_code, street) for row in targets]
        found = contact_matching.match_contacts(member.pk, asked, [[] for _row in asked])
        for at, one in enumerate(found):
            seen[at][zip_code] = (bool(one.districts), STRENGTH.get(one.status, 0))
    right = 0
    for row, answers in zip(targets, seen, strict=True):
        best = max(answers.values())
        standing_out = [zip_code for zip_code, answer in answers.items() if answer == best]
        guess = standing_out[0] if best[0] or len(standing_out) == 1 else common[0]
        right += guess == row["zip"]
    assert right / TARGETS - baseline < 0.01


@pytest.mark.slow
def test_honest_contacts_match_as_well_as_the_plain_matcher(member: User, voters: list[dict[str, str]]) -> None:
    """A member with a right address learns as much as the roll alone would reveal."""
    sample = random.Random(22).sample(voters, 500)
    for with_street in (True, False):
        asked = [known(row, row["zip"], row["address"] if with_street else "") for row in sample]
        found = contact_matching.match_contacts(member.pk, asked, [[] for _one in asked])
        # A ZIP code alone never counts: trying a few would be worth more than a guess.
        queries = [contact_matching.query_person(one) for one in asked]
        typed = queries if with_street else [query._replace(zip="") for query in queries]
        plain = voter_index().match_many(typed, kind="contact")
        registered = sum(one.status == "registered" for one in found)
        assert registered >= 0.99 * sum(contact_matching.match_status(one) == "registered" for one in plain)
        assert registered > (300 if with_street else 50)


def with_email(row: dict[str, str], email: str) -> RawContact:
    """Return a contact with a name and an email address."""
    return RawContact(first=row["first_name"], last=row["last_name"], emails=(email,))


def namesake_with_email(voters: list[dict[str, str]]) -> dict[str, str]:
    """Return a voter with an email address who shares the name with somebody."""
    names = Counter((row["first_name"], row["last_name"]) for row in voters)
    return next(row for row in voters if row["email"] and names[row["first_name"], row["last_name"]] == 2)


def test_wrong_emails_of_a_name_are_counted(member: User, voters: list[dict[str, str]]) -> None:
    """Beyond the wrong ones that a name allows, the right email is answered as the bare name."""
    target = namesake_with_email(voters)
    bare = RawContact(first=target["first_name"], last=target["last_name"])

    def status(contact: RawContact) -> str:
        return contact_matching.match_contacts(member.pk, [contact], [[]])[0].status

    assert status(with_email(target, target["email"])) != status(bare)
    for number in range(5 * 2 + 1):
        status(with_email(target, f"guess{number}@example.org"))
    assert status(with_email(target, target["email"])) == status(bare)


def test_a_wrong_middle_name_or_suffix_never_lowers_an_answer(member: User, voters: list[dict[str, str]]) -> None:
    target = voters[1]
    bare, *typed = (
        RawContact(first=target["first_name"], last=target["last_name"], middle=middle, suffix=suffix)
        for middle, suffix in (("", ""), ("Quentin", ""), ("", "Jr"), ("Quentin", "Sr"))
    )
    found = contact_matching.match_contacts(member.pk, [bare, *typed], [[]] * 4)
    assert all(one.rank >= found[0].rank for one in found)
