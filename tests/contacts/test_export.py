"""CSV export of contacts."""

import pytest

from apps.contacts import export as contact_export


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "＋1"])
def test_formulas_are_escaped(text: str) -> None:
    assert contact_export.escape_formula(text) == f"'{text}"
