"""Names: common ones at realistic rates, many rare ones, first names typical of their time."""

from collections import Counter

import numpy as np

from apps.synthetic.names import FEMALE, background_shares, first_names, surnames, without_accents


def share_of_pairs(names: list[str]) -> float:
    """Return how often two people have the same name."""
    return sum(n * (n - 1) for n in Counter(names).values()) / len(names) ** 2


def test_two_people_rarely_share_a_surname() -> None:
    rng = np.random.default_rng(1)
    drawn = surnames().plain[surnames().draw(rng.choice(5, 200_000, p=background_shares()), rng)].tolist()
    common = Counter(drawn).most_common(3)
    assert common[0][0] == "Smith"
    assert 0.007 < common[0][1] / len(drawn) < 0.0095
    assert 0.0003 < share_of_pairs(drawn) < 0.0009  # .0005 to .0006 in the country
    assert len(set(drawn)) > 8000


def test_first_names_have_their_time() -> None:
    rng = np.random.default_rng(2)

    def share(name: str, year: int) -> float:
        many = np.full(50_000, year)
        drawn = first_names().plain[first_names().draw(many * 0 + FEMALE, many, many * 0, rng)]
        return float((drawn == name).mean())

    assert share("Linda", 1948) > 10 * share("Linda", 1995)
    assert share("Ashley", 1989) > 10 * share("Ashley", 1945)
    assert 0.03 < share("Mary", 1930) < 0.09


def test_accents_are_lost_letter_by_letter() -> None:
    assert without_accents("Ángel Muñoz") == "Angel Munoz"
    assert without_accents("Jørgensen") == "Jorgensen"
    for name in [*surnames().plain, *first_names().plain]:
        assert name.isascii()
    for name in [*surnames().text, *first_names().text]:
        name.upper().encode("latin-1")
