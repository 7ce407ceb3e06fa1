"""Decisions and merges of deduplication."""

from dataclasses import replace

import pytest

from apps.contacts import dedupe
from apps.contacts.parsing import PostalPlace, RawContact

ANN = RawContact(first="Ann", last="Lee", emails=("ann@example.org",), birth_year="1984")


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Ann", "Ann", True),
        ("A", "Ann", True),
        ("Bill", "William", True),
        ("José", "jose", True),
        ("Ann", "Bob", False),
    ],
)
def test_first_names_match_by_initial_nickname_and_spelling(first: str, second: str, same: bool) -> None:
    assert dedupe.first_names_match(first, second) == same


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (RawContact(first="Ann", last="Ray", emails=("ann@example.org",)), True),
        (RawContact(first="Ann", last="Ray", phones=("+19195550101",)), False),
        (RawContact(first="Bob", last="Lee", emails=("ann@example.org",)), False),
        (RawContact(first="Ann", last="Lee", birth_year="1950"), False),
        (RawContact(emails=("ann@example.org",)), True),
    ],
)
def test_pairs_are_decided_in_favor_of_two_people(other: RawContact, same: bool) -> None:
    assert dedupe.may_be_same_person(ANN, other) == same


def test_a_name_is_a_blocking_key_only_without_contact_data() -> None:
    named = RawContact(first="Ann", last="Lee", places=(PostalPlace(city="Tarn"),))
    assert dedupe.blocking_keys(named) == [("name", "ann|lee", "", "tarn", "")]
    assert dedupe.blocking_keys(ANN) == [("mail", "ann@example.org")]


def test_a_merge_keeps_the_earlier_name_and_all_values() -> None:
    later = RawContact(first="Annie", last="Lee", emails=("annie@example.org",), phones=("+19195550101",))
    merged = dedupe.merge_contacts(ANN, later)
    assert (merged.first, merged.phones) == ("Ann", ("+19195550101",))
    assert merged.emails == ("ann@example.org", "annie@example.org")


def test_hashes_differ_between_owners() -> None:
    assert dedupe.fingerprint(1, ANN) != dedupe.fingerprint(2, ANN)
    assert dedupe.fingerprint(1, ANN) == dedupe.fingerprint(1, replace(ANN, line=7))
