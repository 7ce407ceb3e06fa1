"""An online geocoder, asked for addresses that no loaded file has. Off unless an operator switches it on.

The form is the Census Bureau's (onelineaddress, JSON). The address leaves the machine: the switch's documentation says
so. Nothing is logged or kept; whoever is asked sees the address and this machine, and nothing of the person.
"""

from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings

from apps.core import http_client
from apps.core.circuit_breaker import Breaker
from apps.core.errors import BackendUnavailable, JobFailed
from apps.core.log import get_logger

from .lookup import AddressMatch, Answer, Choices, NotFound
from .parse import LONGEST, ParsedAddress, parse_address
from .streets import street

log = get_logger(__name__)
METHOD: Final = "online"
# The Census geocoder places along TIGER's ranges: half a block, as our own ranges do.
ACCURACY_METRES: Final = 100.0
MOST_CHOICES: Final = 10
BENCHMARK: Final = "Public_AR_Current"
_breaker = Breaker("The geocoder", seconds=30)


def is_on() -> bool:
    """Whether an operator named a geocoder."""
    return bool(settings.GEOCODER_URL)


def find_online(address: str | ParsedAddress) -> Answer | None:
    """Ask for an address; None where it is off, down, or answers in another form: then the local answer holds."""
    text = address if isinstance(address, str) else _one_line(address)
    if not is_on() or not _worth_asking(text):
        return None
    query = urlencode({"address": text[:LONGEST], "benchmark": BENCHMARK, "format": "json"})
    try:
        with _breaker.call():
            answer = _asked(query)
        if answer.status != 200:
            log.warning("geocoder.refused", status=answer.status)
            return None
        return _read(answer.data(), parse_address(text))
    except JobFailed as error:
        log.warning("geocoder.failed", error_type=type(error).__name__)
        return None
    except (KeyError, TypeError, ValueError, AttributeError):
        log.warning("geocoder.other_form")
        return None


def _asked(query: str) -> http_client.HttpResult:
    """Ask; whoever does not answer is down, so that the breaker spares the next callers the wait."""
    try:
        return http_client.call("GET", f"{settings.GEOCODER_URL}?{query}", origins=[settings.GEOCODER_URL])
    except JobFailed as error:
        if error.permanent:
            raise
        raise BackendUnavailable(str(error)) from error


def _one_line(address: ParsedAddress) -> str:
    tail = f"{address.state} {address.zip}".strip()
    return ", ".join(part for part in (f"{address.number} {address.street}".strip(), address.city, tail) if part)


def _worth_asking(text: str) -> bool:
    """Whether the text has a number, a street and a place; less would be a guess of somebody else's."""
    typed = parse_address(text)
    return bool(typed.number and typed.street and (typed.zip or (typed.city and typed.state)))


def _read(data: dict[str, Any], asked: ParsedAddress) -> Answer:
    matches = [_found(each, asked) for each in data["result"]["addressMatches"]]
    if not matches:
        return NotFound("street")
    # A geocoder corrects what it does not know: another street than the one typed is a question, not an answer.
    if len(matches) == 1 and matches[0].exact:
        return matches[0]
    return Choices(tuple(matches[:MOST_CHOICES]), len(matches) > MOST_CHOICES)


def _found(match: dict[str, Any], asked: ParsedAddress) -> AddressMatch:
    lon, lat = float(match["coordinates"]["x"]), float(match["coordinates"]["y"])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError("no place on Earth")
    typed = parse_address(str(match["matchedAddress"]))
    exact = (street(typed.street).key, typed.number) == (street(asked.street).key, asked.number)
    return AddressMatch(
        lon, lat, METHOD, ACCURACY_METRES, typed.number, typed.street, typed.zip, typed.city.title(), exact
    )
