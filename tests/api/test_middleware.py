"""CORS, and problem JSON for unknown paths and methods."""

from typing import Any

import pytest
from django.test import Client

from tests.api.assertions import assert_problem
from tests.api.conftest import PARTNER, STATE, Caller
from tests.api.operations import OPERATIONS


@pytest.mark.parametrize(("scope", "path", "body"), OPERATIONS.values())
def test_other_methods_are_refused(scope: str | None, path: str, body: Any, caller: Caller) -> None:
    del scope, body
    taken = {method.lower() for (method, _), row in OPERATIONS.items() if row[1] == path}
    for method in {"get", "post", "put", "patch", "delete", "trace"} - taken:
        response = getattr(caller.client, method)(f"/api/v1/{path}", headers=caller.headers)
        assert assert_problem(response, 405)["detail"]
        assert response.headers["Allow"]


def test_an_unknown_path_is_a_problem(anybody: Caller) -> None:
    assert_problem(anybody.get("voters"), 404)
    assert_problem(anybody.post("districts/polygon", {}), 404)


@pytest.mark.parametrize("origin", [PARTNER, "null", "https://evil.example.org", f"{PARTNER}.evil.example.org", "*"])
def test_no_other_site_may_read_responses_by_default(state: Any, caller: Caller, origin: str) -> None:
    answers = [
        caller.get(f"divisions/{STATE}/cd:1", Origin=origin),
        caller.client.options(
            "/api/v1/districts/point", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
        ),
    ]
    for response in answers:
        assert not [name for name in response.headers if name.startswith("Access-Control")]


def test_only_allowed_origins_may_read_responses(state: Any, caller: Caller, settings: Any) -> None:
    settings.API_ORIGINS = [PARTNER]
    before = {"Origin": PARTNER, "Access-Control-Request-Method": "POST"}
    allowed = caller.client.options("/api/v1/districts/point", headers=before)
    assert (allowed.status_code, allowed.content) == (204, b"")
    assert allowed.headers["Access-Control-Allow-Origin"] == PARTNER
    assert "Authorization" in allowed.headers["Access-Control-Allow-Headers"]
    answer = caller.get(f"divisions/{STATE}/cd:1", Origin=PARTNER)
    assert answer.headers["Access-Control-Allow-Origin"] == PARTNER
    assert "Origin" in answer.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    for origin in ("null", "https://evil.example.org", "HTTPS://PARTNER.EXAMPLE.ORG"):
        response = caller.get(f"divisions/{STATE}/cd:1", Origin=origin)
        assert "Access-Control-Allow-Origin" not in response.headers
        assert "Origin" in response.headers["Vary"]
    assert "Access-Control-Allow-Origin" not in Client().get("/help/", headers={"Origin": PARTNER}).headers
