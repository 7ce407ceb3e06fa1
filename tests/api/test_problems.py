"""Server errors as problem JSON, without details of the cause."""

from typing import Any

import pytest
from django.db import DatabaseError

from apps.api import authentication
from tests.api.assertions import assert_problem
from tests.api.conftest import ANYTOWN, Caller
from tests.api.operations import KEYED, ask


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
