"""Sets of a member's contacts: right after every change, one call for a question, rebuilt whenever they are gone."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.contacts import choropleth, locking, segments, serialization
from apps.contacts.facets import PlaceFacets
from apps.contacts.models import Contact
from apps.contacts.parsing import RawContact
from apps.contacts.services import corrections, erasure
from apps.core.id_sets.base import id_sets
from apps.officials.models import Election

pytestmark = pytest.mark.django_db
HD = "ocd-division/country:us/state:hd"
CD1, CD2, ISEL = f"{HD}/cd:1", f"{HD}/cd:2", f"{HD}/county:isel"


def kept(owner: Any, generation: int) -> set[int] | None:
    """What the store holds of all of a member's contacts."""
    return id_sets().get(f"contacts:{owner.pk}:{generation}:{segments.ALL}")


def add(owner: Any, number: int, status: str = "registered", state: str = "HD", **districts: str) -> int:
    """Write one contact as an import leaves it."""
    person = RawContact(first=f"Ann{number}", last="Lee")
    row = Contact.objects.create(
        owner=owner, fingerprint=number.to_bytes(16, "big"), data=serialization.dump_contact(person), status=status,
        state=state,
        districts=districts, expires_at=timezone.now() + timedelta(days=30),
    )  # fmt: skip
    locking.bump_generation(owner.pk)
    return int(row.pk)


def test_who_is_in_a_district_and_has_a_status(member: Any, other_member: Any) -> None:
    one, two = add(member, 1, cd=CD1, county=ISEL), add(member, 2, "likely", cd=CD1)
    three, four = add(member, 3, cd=CD2), add(member, 4, "not_found", state="")
    add(other_member, 5, cd=CD1)
    assert segments.segment_members(member.pk, [segments.division_segment(CD1)]) == {one, two}
    assert segments.segment_members(
        member.pk, [segments.division_segment(CD1), segments.status_segment("registered")]
    ) == {one}
    assert segments.segment_members(
        member.pk, [segments.division_segment(HD)], [segments.status_segment("likely")]
    ) == {one, three}
    assert segments.segment_members(member.pk, [segments.ALL]) == {one, two, three, four}
    assert segments.segment_members(member.pk, [segments.division_segment(f"{HD}/cd:9")]) == set()
    assert segments.segment_members(member.pk, [segments.ALL], ["asked:9"]) == {one, two, three, four}
    assert segments.members_of_any(
        member.pk,
        [[segments.division_segment(CD1), segments.division_segment(CD2)], [segments.status_segment("registered")]],
    ) == {
        one,
        three,
    }


def test_a_question_is_one_call_of_the_store(member: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    add(member, 1, cd=CD1)
    segments.segment_members(member.pk, [segments.ALL])
    calls = []
    combine = type(id_sets()).combine
    monkeypatch.setattr(type(id_sets()), "combine", lambda *args: calls.append(1) or combine(*args))
    segments.segment_members(member.pk, [segments.division_segment(CD1), segments.status_segment("registered")])
    assert len(calls) == 1


def test_a_page_after_the_first_makes_no_set(
    member: Any, client_of: Callable[[Any], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    add(member, 1, cd=CD1)
    browser, home = client_of(member), reverse("contacts:home")
    for query in ({}, {"place": "nowhere"}, {"status": "waiting"}):
        browser.get(home, query)
    monkeypatch.setattr(type(id_sets()), "put_many", lambda *_args: pytest.fail("a set was made again"))
    for query in ({}, {"place": "nowhere"}, {"status": "waiting"}, {"place": CD1}):
        assert browser.get(home, query).status_code == 200


def test_sets_are_made_again_when_the_store_is_emptied(member: Any) -> None:
    one = add(member, 1, cd=CD1)
    assert segments.segment_members(member.pk, [segments.division_segment(CD1)]) == {one}
    id_sets().drop("contacts:")
    assert segments.segment_members(member.pk, [segments.division_segment(CD1)]) == {one}


def test_every_change_is_seen_and_old_sets_go(member: Any) -> None:
    one, two = add(member, 1, cd=CD1), add(member, 2, cd=CD1)
    assert segments.segment_members(member.pk, [segments.division_segment(CD1)]) == {one, two}
    first = locking.current_generation(member.pk)
    assert kept(member, first) == {one, two}
    corrections.correct(contact=Contact.objects.get(pk=one), correction="cannot_find")
    assert segments.segment_members(member.pk, [segments.division_segment(CD1)]) == {two}
    erasure.erase_contact(contact=Contact.objects.get(pk=two))
    assert segments.segment_members(member.pk, [segments.ALL]) == {one}
    Contact.objects.update(expires_at=timezone.now())
    erasure.purge_expired()
    assert segments.segment_members(member.pk, [segments.ALL]) == set()
    now = locking.current_generation(member.pk)
    assert kept(member, now) == set()
    assert all(kept(member, old) is None for old in range(first, now))


def test_a_member_who_goes_takes_the_sets_along(member: Any) -> None:
    add(member, 1, cd=CD1)
    segments.segment_members(member.pk, [segments.ALL])
    generation = locking.current_generation(member.pk)
    assert kept(member, generation)
    erasure.erase_member(member)
    assert kept(member, generation) is None


def test_places_and_elections_are_counted(member: Any) -> None:
    add(member, 1, cd=CD1, county=ISEL)
    add(member, 2, "likely", cd=CD1)
    add(member, 3)
    soon = timezone.localdate() + timedelta(days=9)
    for key, division in (("a", HD), ("b", CD1), ("c", f"{HD}/cd:7"), ("d", "ocd-division/country:us")):
        Election.objects.create(key=key, name=key, kind="general", date=soon, division=division)
    Election.objects.create(key="old", name="old", kind="general", date=soon - timedelta(days=99), division=HD)
    places = PlaceFacets(member)
    assert [(place.ocd_id, place.total) for place in places.all] == [
        (HD, 3), (CD1, 2), (ISEL, 1)]  # fmt: skip
    assert [(election.key, number) for election, number in places.elections] == [("a", 3), ("b", 2), ("d", 3)]


def test_the_list_is_filtered_by_status_place_and_election(member: Any, client_of: Callable[[Any], Client]) -> None:
    for number in range(1, 4):
        add(member, number, "registered" if number < 3 else "likely", cd=CD1 if number != 2 else CD2)
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


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([], []),
        ([38, 0], [(5, 38, 38)]),
        ([5, 4, 3, 2, 1], [(number, number, number) for number in range(1, 6)]),
        (range(42), [(1, 1, 1), (2, 2, 3), (3, 4, 8), (4, 9, 18), (5, 19, 41)]),
    ],
)
def test_shades_tell_the_numbers_in_them(numbers: Iterable[int], expected: list[tuple[int, int, int]]) -> None:
    assert choropleth.shade_ranges(numbers) == expected
    assert choropleth.shade_step(0, max(numbers, default=0)) == 0


def test_without_boundaries_the_words_stay(member: Any, client_of: Callable[[Any], Client]) -> None:
    browser, where = client_of(member), reverse("contacts:where")
    assert b"the places are here" in browser.get(where).content
    add(member, 1, cd=CD1, county=ISEL)
    page = browser.get(where, {"layer": "cd"})
    assert b"Congress 1" in page.content
    assert b"shade" not in page.content
    assert browser.get(where, {"layer": "precinct", "state": "<x>"}).status_code == 200
