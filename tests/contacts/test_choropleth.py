"""Shades of the map."""

from collections.abc import Iterable

import pytest

from apps.contacts import choropleth


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([], []),
        ([38, 0], [(5, 38, 38)]),
        ([5, 4, 3, 2, 1], [(number, number, number) for number in range(1, 6)]),
        (range(42), [(1, 1, 1), (2, 2, 3), (3, 4, 8), (4, 9, 18), (5, 19, 41)]),
    ],
)
def test_shades_cover_the_counts(numbers: Iterable[int], expected: list[tuple[int, int, int]]) -> None:
    assert choropleth.shade_ranges(numbers) == expected
    assert choropleth.shade_step(0, max(numbers, default=0)) == 0
