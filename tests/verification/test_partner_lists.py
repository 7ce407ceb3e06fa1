"""Rows of partners' lists under the rule of disclosure."""

import pytest

from apps.core.models import QuotaUse
from apps.verification import partner_lists, quotas

from .helpers import ABSENT, ME, PROTECTED, REMOVED, TWINS, query_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roll")]


def test_only_a_row_that_agrees_in_everything_is_registered() -> None:
    rows = [ME, PROTECTED, REMOVED, ABSENT, TWINS[0]]
    assert partner_lists.are_registered([query_of(row) for row in rows]) == [True, False, False, False, False]


def test_a_middle_name_tells_two_voters_of_a_door_apart() -> None:
    assert partner_lists.are_registered([query_of(TWINS[0], middle_name="Ann")]) == [True]


def test_earlier_rows_count_against_later_ones() -> None:
    wrong = [query_of(ME, address=f"{number} Oak Street") for number in range(quotas.WRONG_DOORS_PER_VOTER)]
    assert partner_lists.are_registered([*wrong[1:], query_of(ME)])[-1]
    assert not partner_lists.are_registered([wrong[0], query_of(ME)])[-1]


def test_right_rows_count_nothing() -> None:
    for _ in range(4):
        assert partner_lists.are_registered([query_of(ME)]) == [True]
    assert not QuotaUse.objects.exists()
