"""An optional online geocoder for addresses that no loaded file contains; off by default.

Uses the Census Bureau's API (onelineaddress, JSON). The address leaves the machine, as the setting's documentation
states. Addresses are never logged or stored; the geocoder receives the address only, nothing about the person.
"""

from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings

from apps.core import http_client
from apps.core.circuit_breaker import Breaker
from apps.core.errors import BackendUnavailable, JobFailed
from apps.core.log import get_logger

from .lookup import AddressMatch, AddressResult, Choices, NotFound
from .parse import LONGEST, ParsedAddress, parse_address
from .streets import street

log = get_logger(__name__)
METHOD: Final = "online"
# The Census geocoder interpolates along TIGER ranges: half a block, like the loaded ranges.
ACCURACY_METERS: Final = 100.0
MAX_CHOICES: Final = 10
BENCHMARK: Final = "Public_AR_Current"
_breaker = Breaker("The geocoder", seconds=30)


def is_enabled() -> bool:
    """Return whether GEOCODER_URL is set."""
    return bool(settings.GEOCODER_URL)


def find_online(address: str | ParsedAddress) -> AddressResult | None:
    """Return the geocoder's result for an address; None if it is off, down, or its response is invalid."""
    text = address if isinstance(address, str) else _one_line(address)
    if not is_enabled() or not _is_complete(text):
        return None
    query = urlencode({"address": text[:LONGEST], "benchmark": BENCHMARK, "format": "json"})
    try:
        with _breaker.call():
            response = _request(query)
        if response.status != 200:
            log.warning("geocoder.refused", status=response.status)
            return None
        return _parse_response(response.data(), parse_address(text))
    except JobFailed as error:
        log.warning("geocoder.failed", error_type=type(error).__name__)
        return None
    except (KeyError, TypeError, ValueError, AttributeError):
        log.warning("geocoder.invalid_response")
        return None


def _request(query: str) -> http_client.HttpResult:
    """Send a request; a timeout becomes BackendUnavailable, which opens the circuit breaker."""
    try:
        return http_client.call("GET", f"{settings.GEOCODER_URL}?{query}", origins=[settings.GEOCODER_URL])
    except JobFailed as error:
        if error.permanent:
            raise
        raise BackendUnavailable(str(error)) from error


def _one_line(address: ParsedAddress) -> str:
    tail = f"{address.state} {address.zip}".strip()
    return ", ".join(part for part in (f"{address.number} {address.street}".strip(), address.city, tail) if part)


def _is_complete(text: str) -> bool:
    """Return whether the text has a number, a street, and a ZIP code or city and state; less would be guessed."""
    parsed = parse_address(text)
    return bool(parsed.number and parsed.street and (parsed.zip or (parsed.city and parsed.state)))


def _parse_response(data: dict[str, Any], queried: ParsedAddress) -> AddressResult:
    matches = [_parse_match(match, queried) for match in data["result"]["addressMatches"]]
    if not matches:
        return NotFound("street")
    # A geocoder corrects unknown addresses; the member must confirm a street other than the one entered.
    if len(matches) == 1 and matches[0].exact:
        return matches[0]
    return Choices(tuple(matches[:MAX_CHOICES]), len(matches) > MAX_CHOICES)


def _parse_match(match: dict[str, Any], queried: ParsedAddress) -> AddressMatch:
    lon, lat = float(match["coordinates"]["x"]), float(match["coordinates"]["y"])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError("invalid coordinates")
    parsed = parse_address(str(match["matchedAddress"]))
    exact = (street(parsed.street).key, parsed.number) == (street(queried.street).key, queried.number)
    return AddressMatch(
        lon, lat, METHOD, ACCURACY_METERS, parsed.number, parsed.street, parsed.zip, parsed.city.title(), exact
    )
