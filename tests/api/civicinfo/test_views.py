"""Civicinfo calls over HTTP: keys, methods and budgets."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError

from apps.api import services
from apps.api.civicinfo import responses, views
from apps.api.civicinfo.params import LEVELS, ROLES
from tests.api.civic import CivicCaller, assert_civic_error, holders
from tests.api.conftest import ANYTOWN, PARTNER, STATE
from tests.api.discovery import document


def test_a_long_call_in_a_post_body_is_accepted(google: Any, people: None) -> None:
    call = google.representatives().representativeInfoByAddress(
        address="190 Main St, Anytown, QX 00501", levels=["country"] * 200
    )
    assert len(call.uri) > 2048
    assert "U.S. Senator" in holders(call.execute())
    assert call.method == "POST"


def test_methods_and_parameters_match_the_discovery_document() -> None:
    methods = [method for resource in document()["resources"].values() for method in resource["methods"].values()]
    for method in methods:
        for name in ("levels", "roles"):
            if name in method["parameters"]:
                assert tuple(method["parameters"][name]["enum"]) == {"levels": LEVELS, "roles": ROLES}[name]
    from apps.api.civicinfo.urls import urlpatterns

    ours = {
        str(each.pattern).replace("<path:ocd_id>", "{ocdId}") for each in urlpatterns if each.name != "unknown_method"
    }
    assert ours == {method["path"].removeprefix("civicinfo/v2/") for method in methods}


def test_a_key_is_accepted_in_query_or_header(civic: CivicCaller, people: None, new_key: Callable[..., str]) -> None:
    key = new_key()
    for headers in ({"X-Goog-Api-Key": key}, {"Authorization": f"Bearer {key}"}):
        assert CivicCaller(None).get("representatives", headers, address=ANYTOWN).status_code == 200
    answer = assert_civic_error(CivicCaller(None).get("representatives", address=ANYTOWN), 403, "forbidden")
    assert answer["status"] == "PERMISSION_DENIED"
    revoked = new_key()
    services.revoke_key(prefix=revoked.split("_")[1])
    for bad in (revoked, key[:-1] + "_", "AIzaSyD-Google-Key"):
        error = assert_civic_error(CivicCaller(bad).get("representatives", address=ANYTOWN), 400, "badRequest")
        assert error["details"][0]["reason"] == "API_KEY_INVALID"
    for scope, open_paths in (
        ("districts", {"divisionsByAddress", "voterinfo"}),
        ("officials", {f"representatives/{STATE}"}),
    ):
        one = CivicCaller(new_key(scope))
        for path in ("representatives", "divisionsByAddress", "voterinfo", f"representatives/{STATE}"):
            parameters = {"returnAllAvailableData": "true"} if path == "voterinfo" else {}
            parameters |= {} if "/" in path else {"address": ANYTOWN}
            answered = one.get(path, **parameters)
            if path in open_paths:
                assert answered.status_code == 200, (path, answered.content)
            else:
                assert_civic_error(answered, 403, "insufficientPermissions")


def test_calls_are_charged(state: Path, new_key: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    one = CivicCaller(new_key(budget=2))
    for _ in range(2):
        assert one.get("divisionsByAddress", address=ANYTOWN).status_code == 200
    spent = one.get("divisionsByAddress", address=ANYTOWN)
    assert assert_civic_error(spent, 429, "rateLimitExceeded")["status"] == "RESOURCE_EXHAUSTED"
    assert 0 < int(spent.headers["Retry-After"]) <= 25 * 3600

    def down(**_: Any) -> bool:
        raise DatabaseError

    monkeypatch.setattr(views, "spend", down)
    assert assert_civic_error(one.get("elections"), 503, "backendError")["status"] == "UNAVAILABLE"


def test_a_server_error_has_googles_format_without_its_cause(
    civic: CivicCaller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("4711 Marker Lane")

    monkeypatch.setattr(responses, "divisions_by_address", broken)
    response = civic.get("divisionsByAddress", address="4711 Marker Lane")
    assert_civic_error(response, 500, "backendError")
    assert b"Marker" not in response.content
    assert "api.raised" in caplog.text
    assert "Marker" not in caplog.text


def test_pages_of_allowed_origins_may_read_responses(civic: CivicCaller, settings: Any) -> None:
    parameters = {"address": ANYTOWN}
    for origin in (PARTNER, "https://evil.example.org"):
        answer = civic.get("divisionsByAddress", {"Origin": origin}, **parameters)
        assert not [name for name in answer.headers if name.startswith("Access-Control")]
    settings.API_ORIGINS = [PARTNER]
    answer = civic.get("divisionsByAddress", {"Origin": PARTNER}, **parameters)
    assert answer.headers["Access-Control-Allow-Origin"] == PARTNER
    assert answer.headers["Cache-Control"] == "no-store, private"
    wrong = civic.get("divisionsByAddress", {"Origin": "https://evil.example.org"}, **parameters)
    assert "Access-Control-Allow-Origin" not in wrong.headers
    before = {"Origin": PARTNER, "Access-Control-Request-Method": "GET"}
    allowed = civic.client.options("/civicinfo/v2/representatives", headers=before)
    assert "X-Goog-Api-Key" in allowed.headers["Access-Control-Allow-Headers"]
