"""Parsing of addresses never raises."""

from hypothesis import given
from hypothesis import strategies as st

from apps.districts.addresses.parse import ParsedAddress, parse_address


@given(st.text(max_size=60))
def test_parsing_never_raises(text: str) -> None:
    assert isinstance(parse_address(text), ParsedAddress)
