"""The judgment of attacks."""

from tests.redteam.attacks.costs import ks_distance
from tests.redteam.outcomes import Outcome, table


def judged(hits: int, guessed: int, targets: int = 1000) -> Outcome:
    """Return the outcome of an attack whose hits include what guessing gets right."""
    found, right = ([at < number for at in range(targets)] for number in (hits, guessed))
    return Outcome.judged("a", "full dates", 1, found, right)


def test_guessing_well_is_no_finding() -> None:
    assert judged(39, 39).verdict == "pass"


def test_one_point_more_than_guessing_fails() -> None:
    assert judged(60, 39).verdict == "FAIL"
    assert judged(45, 39).verdict == "few targets"


def test_leaving_the_best_guess_for_as_many_others_is_no_finding() -> None:
    found = [at < 39 for at in range(1000)]
    right = [8 <= at < 57 for at in range(1000)]
    assert Outcome.judged("a", "full dates", 1, found, right).verdict == "pass"


def test_few_targets_prove_nothing() -> None:
    assert judged(0, 0, targets=20).verdict == "few targets"


def test_the_table_has_a_row_for_each_outcome() -> None:
    assert table([judged(0, 0), judged(1, 1)]).count("\n") == 3


def test_the_distance_of_equal_samples_is_zero_and_of_separate_ones_is_one() -> None:
    assert ks_distance([1, 2, 3], [3, 1, 2]) == 0
    assert ks_distance([1, 2], [3, 4]) == 1
