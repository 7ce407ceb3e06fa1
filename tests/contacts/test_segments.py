"""Segments: current after every change, one call per query, rebuilt when the store is empty."""

from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts import locking, segments
from apps.contacts.models import Contact
from apps.contacts.services import corrections, erasure
from apps.core.id_sets.base import id_sets
from tests.contacts.helpers import CD1, CD2, HD, ISEL, add_contact, stored_ids

pytestmark = pytest.mark.django_db


def test_segments_combine_districts_and_statuses(member: User, other_member: User) -> None:
    one, two = add_contact(member, 1, cd=CD1, county=ISEL), add_contact(member, 2, "likely", cd=CD1)
    three, four = add_contact(member, 3, cd=CD2), add_contact(member, 4, "not_found", state="")
    add_contact(other_member, 5, cd=CD1)
    assert segments.members_of_any(member.pk, [[segments.division_segment(CD1)]]) == {one, two}
    assert segments.members_of_any(
        member.pk, [[segments.division_segment(CD1)], [segments.status_segment("registered")]]
    ) == {one}
    assert segments.members_of_any(
        member.pk, [[segments.division_segment(HD)]], [segments.status_segment("likely")]
    ) == {one, three}
    assert segments.members_of_any(member.pk, [[segments.ALL]]) == {one, two, three, four}
    assert segments.members_of_any(member.pk, [[segments.division_segment(f"{HD}/cd:9")]]) == set()
    assert segments.members_of_any(member.pk, [[segments.ALL]], ["asked:9"]) == {one, two, three, four}
    assert segments.members_of_any(
        member.pk,
        [[segments.division_segment(CD1), segments.division_segment(CD2)], [segments.status_segment("registered")]],
    ) == {
        one,
        three,
    }


def test_a_query_is_one_call_of_the_store(member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    add_contact(member, 1, cd=CD1)
    segments.members_of_any(member.pk, [[segments.ALL]])
    calls: list[int] = []
    get_many = type(id_sets()).get_many

    def counted(*args: Any) -> Any:
        calls.append(1)
        return get_many(*args)

    monkeypatch.setattr(type(id_sets()), "get_many", counted)
    segments.members_of_any(member.pk, [[segments.division_segment(CD1)], [segments.status_segment("registered")]])
    assert len(calls) == 1


def test_an_emptied_store_is_rebuilt(member: User) -> None:
    one = add_contact(member, 1, cd=CD1)
    assert segments.members_of_any(member.pk, [[segments.division_segment(CD1)]]) == {one}
    id_sets().drop("contacts:")
    assert segments.members_of_any(member.pk, [[segments.division_segment(CD1)]]) == {one}


def test_every_change_invalidates_segments(member: User) -> None:
    one, two = add_contact(member, 1, cd=CD1), add_contact(member, 2, cd=CD1)
    assert segments.members_of_any(member.pk, [[segments.division_segment(CD1)]]) == {one, two}
    first = locking.current_generation(member.pk)
    assert stored_ids(member, first) == {one, two}
    corrections.correct(contact=Contact.objects.get(pk=one), correction="cannot_find")
    assert segments.members_of_any(member.pk, [[segments.division_segment(CD1)]]) == {two}
    erasure.erase_contact(contact=Contact.objects.get(pk=two))
    assert segments.members_of_any(member.pk, [[segments.ALL]]) == {one}
    Contact.objects.update(expires_at=timezone.now())
    erasure.purge_expired()
    assert segments.members_of_any(member.pk, [[segments.ALL]]) == set()
    now = locking.current_generation(member.pk)
    assert stored_ids(member, now) == set()
    assert all(stored_ids(member, old) is None for old in range(first, now))
