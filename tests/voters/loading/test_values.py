"""Parsing of cells: dates in every format, and placeholders that are not dates."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.voters import rolls
from tests.voters.synthetic_rows import voters

Load = Callable[..., Any]
Write = Callable[..., Path]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("1976-07-04", "1976-07-04"), ("07/24/1976", "1976-07-24"), ("19760704", "1976-07-04"),
        ("XX-XX-XXXX", ""), ("##/##/####", ""), ("1900-01-01", ""), ("01/01/1800", ""), ("31/31/1976", ""),
    ],
)  # fmt: skip
def test_dates_are_parsed_and_placeholders_are_not_stored(load_file: Load, write: Write, text: str, iso: str) -> None:
    rows = voters(60)
    rows[0]["dob"] = text
    load_file(write(rows))
    row = rolls.get_voter("HD", rows[0]["voter_id"])
    assert row is not None
    assert row.record.dob == iso
