"""The online geocoder: off by default, and never needed."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from apps.core.circuit_breaker import Breaker
from apps.districts import lookup, services
from apps.districts.addresses import geocoder as client
from tests.districts.samples import halves, load, ranges_file

pytestmark = pytest.mark.django_db
ELSEWHERE = "12 Qzmark Rd, Farville, QX 00599"


def match(street: str, lon: float = -98.5, lat: float = 40.5) -> dict[str, Any]:
    return {"matchedAddress": f"12 {street}, FARVILLE, QX, 00599", "coordinates": {"x": lon, "y": lat}}


class Geocoder(ThreadingHTTPServer):
    """A local geocoder with the Census Bureau's response format, which records its requests."""

    status = 200
    body: Any = None
    matches: list[Any]

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[dict[str, list[str]]] = []
        self.matches = [match("QZMARK RD")]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/geocoder/locations/onelineaddress"


class Answering(BaseHTTPRequestHandler):
    server: Geocoder

    def do_GET(self) -> None:
        self.server.asked.append(parse_qs(urlsplit(self.path).query))
        body = self.server.body
        text = (
            body
            if isinstance(body, bytes)
            else json.dumps({"result": {"addressMatches": self.server.matches}}).encode()
        )
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        """Log nothing."""


@pytest.fixture
def geocoder(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Geocoder]:
    """Start an enabled geocoder, with local files that contain another street."""
    services.load_addresses(path=ranges_file(tmp_path / "ranges.parquet"))
    load(tmp_path, "cd", "2022", halves(-99.9995))
    monkeypatch.setattr(client, "_breaker", Breaker("test"))
    with Geocoder() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        settings.GEOCODER_URL = server.url
        yield server
        server.shutdown()
        thread.join()


def test_the_geocoder_is_off_by_default(geocoder: Geocoder, settings: Any) -> None:
    settings.GEOCODER_URL = ""
    assert isinstance(lookup.find_address(ELSEWHERE), lookup.NotFound)
    assert geocoder.asked == []


def test_an_unknown_address_is_geocoded(geocoder: Geocoder, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    found = lookup.districts_for_address(ELSEWHERE)
    assert isinstance(found.answer, lookup.AddressMatch)
    assert (found.answer.method, found.answer.accuracy, found.answer.zip) == ("online", 100.0, "00599")
    assert [hit.ocd_id[-4:] for hit in found.districts["cd"]] == ["cd:2"]
    assert geocoder.asked == [{"address": [ELSEWHERE], "benchmark": ["Public_AR_Current"], "format": ["json"]}]
    parts = lookup.ParsedAddress("12", "Qzmark Rd", "Farville", "QX", "00599")
    assert isinstance(lookup.find_address(parts), lookup.AddressMatch)
    assert geocoder.asked[-1]["address"] == [ELSEWHERE]
    assert "Qzmark" not in caplog.text


def test_a_known_address_is_never_sent(geocoder: Geocoder) -> None:
    for text in ("102 Main St, Anytown, QX 00501", "150 Main, Anytown, QX 00501"):
        assert not isinstance(lookup.find_address(text), lookup.NotFound)
    for vague in ("Main St", "12", "12 Nowhere Rd", "Anytown QX", ""):
        assert isinstance(lookup.find_address(vague), lookup.NotFound)
    assert geocoder.asked == []


def test_several_matches_are_choices_and_none_is_not_found(geocoder: Geocoder) -> None:
    geocoder.matches = [match("N QZMARK RD"), match("S QZMARK RD", -100)]
    choices = lookup.find_address(ELSEWHERE)
    assert isinstance(choices, lookup.Choices)
    assert len(choices.options) == 2
    geocoder.matches = []
    assert lookup.find_address(ELSEWHERE) == lookup.NotFound("street")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"),
        (302, b""),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b"{}"),
        (200, json.dumps({"result": {"addressMatches": [{"coordinates": {"x": 1e308, "y": 1}}]}}).encode()),
        (200, json.dumps({"result": {"addressMatches": [match("A ST", lon=float("nan"))]}}).encode()),
        (200, b"x" * 5_000_000),
    ],
)
def test_an_invalid_response_of_the_geocoder_is_ignored(
    geocoder: Geocoder, status: int, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    geocoder.status, geocoder.body = status, body
    assert lookup.find_address(ELSEWHERE) == lookup.NotFound("street")
    assert "geocoder." in caplog.text
    assert "Qzmark" not in caplog.text


def test_a_geocoder_that_is_down_is_skipped(
    settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    breaker = Breaker("test", failures=2)
    monkeypatch.setattr(client, "_breaker", breaker)
    settings.GEOCODER_URL = "http://127.0.0.1:9/x"
    for _ in range(3):
        assert isinstance(lookup.find_address(ELSEWHERE), lookup.NotFound)
    assert breaker.open
    assert "Qzmark" not in caplog.text
