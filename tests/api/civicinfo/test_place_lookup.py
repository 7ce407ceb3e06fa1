"""Invalid and unknown addresses get the documented errors."""

import pytest

from tests.api.civic import CivicCaller, assert_civic_error

BAD_ADDRESSES = [
    ("", 400, "required", "No address provided"),
    ("   ", 400, "required", "No address provided"),
    ("x" * 400, 400, "parseError", "Failed to parse address"),
    ("1 Main\x00 St", 400, "parseError", "Failed to parse address"),
    ("Main St, Anytown", 400, "parseError", "Failed to parse address"),
    ("150 Main, Anytown, QX 00501", 400, "parseError", "Failed to parse address"),
    ("1 Nowhere Rd, Anytown, QX 00501", 404, "notFound", "No information for this address"),
    ("99999", 404, "notFound", "No information for this address"),
    ("0, 0", 404, "notFound", "No information for this address"),
    ("95.0, 40.5", 404, "notFound", "No information for this address"),
]


@pytest.mark.parametrize(("address", "status", "reason", "message"), BAD_ADDRESSES)
@pytest.mark.parametrize("path", ["representatives", "divisionsByAddress", "voterinfo"])
def test_bad_addresses_get_the_documented_errors(
    path: str, address: str, status: int, reason: str, message: str, civic: CivicCaller
) -> None:
    assert assert_civic_error(civic.get(path, address=address), status, reason)["message"] == message
