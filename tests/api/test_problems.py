"""Server errors as problem JSON, without details of the cause."""

from typing import Any

import pytest
from django.db import DatabaseError

from apps.api import authentication
from tests.api.assertions import assert_problem
from tests.api.conftest import ANYTOWN, EAST, STATE, Caller

POINT = {"lon": EAST[0], "lat": EAST[1]}
# Operation -> scope (None: open to everybody) and a request that is answered with 200.
OPERATIONS: dict[tuple[str, str], tuple[str | None, str, Any]] = {
    ("POST", "/districts/point"): ("districts", "districts/point", POINT),
    ("POST", "/districts/points"): ("districts", "districts/points", {"lon": [EAST[0]], "lat": [EAST[1]]}),
    ("POST", "/districts/address"): ("districts", "districts/address", {"address": ANYTOWN}),
    ("POST", "/districts/addresses"): ("districts", "districts/addresses", {"addresses": [ANYTOWN]}),
    ("GET", "/districts/zip/{zip_code}"): ("districts", "districts/zip/00502", None),
    ("GET", "/divisions/{ocd_id}"): (None, f"divisions/{STATE}/cd:1", None),
    ("GET", "/divisions/{ocd_id}/outline"): (None, f"divisions/{STATE}/cd:1/outline", None),
    ("POST", "/lists"): (
        "lists",
        "lists",
        {"purpose": "Remind our members", "people": [{"query_id": "1", "last_name": "Lee"}]},
    ),
    ("GET", "/lists"): ("lists", "lists", None),
    ("GET", "/officials"): ("officials", f"officials?division={STATE}/cd:1", None),
}
KEYED = [row for row in OPERATIONS.values() if row[0]]


def ask(caller: Caller, path: str, body: Any, **options: Any) -> Any:
    return caller.get(path) if body is None else caller.post(path, body, **options)


def test_without_the_database_no_request_is_served(state: Any, caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(**_: Any) -> bool:
        raise DatabaseError

    monkeypatch.setattr(authentication, "spend", down)
    for _, path, body in KEYED:
        response = ask(caller, path, body)
        assert_problem(response, 503)
        assert response.headers["Retry-After"] == "5"


def test_a_server_error_is_a_problem_without_its_cause(
    state: Any, caller: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("4711 Marker Lane")

    monkeypatch.setattr("apps.districts.lookup.districts_for_address", broken)
    response = caller.post("districts/address", {"address": ANYTOWN})
    assert response.headers["X-Request-Id"] in assert_problem(response, 500)["detail"]
    assert b"Marker" not in response.content
    assert "api.raised" in caplog.text
    assert "Marker" not in caplog.text
