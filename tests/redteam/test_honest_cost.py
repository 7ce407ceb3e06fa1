"""The cost of the rule of disclosure for honest people, on a small sample."""

import pytest

pytest.importorskip("names", reason="the name frequencies of the package `names` (requirements/dev) are missing")

from tests.redteam.honest_cost import measure

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("full_dates", [True, False])
def test_most_people_find_themselves_within_two_tries(full_dates: bool) -> None:
    """600 lookups have a standard error of .011: the bound is .93 less two of them."""
    cost = measure(6_000, 600, full_dates=full_dates)
    assert cost.within_two >= 0.93 - 0.022
    assert cost.first >= 0.75
    assert cost.wrong <= 6
