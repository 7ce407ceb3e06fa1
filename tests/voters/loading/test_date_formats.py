"""Birth dates in every common format, read in the layout's order of day and month."""

import pytest

from apps.voters.loading.values import iso_date


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("1940-01-02", "1940-01-02"), ("1/2/1940", "1940-01-02"), ("1/2/1940 0:00:00", "1940-01-02"),
        ("1/2/1940 12:00:00 AM", "1940-01-02"), ("01021940", "1940-01-02"), ("19400102", "1940-01-02"),
        ("1/2/40", "1940-01-02"), ("02-JAN-40", "1940-01-02"), ("January 2, 1940", "1940-01-02"),
        ("1940", "1940"), ("01/1940", "1940"), ("JAN 1940", "1940"),
        ("", ""), ("0000-00-00", ""), ("00/00/0000", ""), ("01/01/1900", ""), ("1900-01-01", ""), ("N/A", ""),
        ("XX/XX/XXXX", ""), ("soon", ""),
    ],
)  # fmt: skip
def test_date_without_a_stated_format(text: str, stored: str) -> None:
    assert iso_date(text, ["any"]) == stored


def test_layout_states_that_the_day_comes_first() -> None:
    assert iso_date("03/04/1984 00:00", ["DD/MM/YYYY"]) == "1984-04-03"
    assert iso_date("03/04/84", ["DD/MM/YYYY"]) == "1984-04-03"
    assert iso_date("03/04/84", ["MM/DD/YYYY"]) == "1984-03-04"
