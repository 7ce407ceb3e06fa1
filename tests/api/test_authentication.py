"""Every operation requires a live key of its scope, unless it is public, and accepts no other method."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.accounts.models import User
from apps.api import services
from apps.api.api import api
from apps.api.key_quotas import spent_today
from apps.api.models import ApiKey
from tests.api.assertions import assert_problem
from tests.api.conftest import ANYTOWN, STATE, Caller
from tests.api.operations import KEYED, OPERATIONS, POINT, ask


def test_every_operation_is_covered() -> None:
    published = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method in methods
    }
    assert published == set(OPERATIONS)


@pytest.mark.parametrize(("scope", "path", "body"), OPERATIONS.values())
def test_each_operation_requires_its_scope(
    scope: str | None, path: str, body: Any, state: Any, new_key: Callable[..., str], member: User, owner: User
) -> None:
    right = ask(Caller(new_key(*([scope] if scope else ["officials"]))), path, body)
    assert right.status_code == 200, right.content
    other = {"districts": "officials", "officials": "districts", "lists": "officials"}
    wrong_scope = ask(Caller(new_key(other[scope] if scope else "officials")), path, body)
    revoked = new_key()
    services.revoke_key(prefix=revoked.split("_")[1])
    made_up = new_key()[:-1] + "_"
    keys = [None, revoked, made_up, "", "vk_", "x" * 5000, "vk_00000000_" + "A" * 43]
    refused = [ask(Caller(key), path, body) for key in keys]
    signed_in = Caller(None)
    for user in (member, owner):
        signed_in.client.force_login(user)
        refused.append(ask(signed_in, path, body))
    if scope is None:
        assert {response.status_code for response in [wrong_scope, *refused]} == {200}
        return
    assert scope in assert_problem(wrong_scope, 403)["detail"]
    for response in refused:
        assert_problem(response, 401)
        assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_batch_is_charged_per_item_all_or_none(state: Any, new_key: Callable[..., str]) -> None:
    caller = Caller(new_key(budget=5))
    row = ApiKey.objects.get()

    def spent() -> int:
        return spent_today(row)

    assert caller.post("districts/points", {"lon": [1, 2, 3], "lat": [1, 2, 3]}).status_code == 200
    assert spent() == 3
    refused = caller.post("districts/addresses", {"addresses": [ANYTOWN] * 3})
    assert_problem(refused, 429)
    assert 0 < int(refused.headers["Retry-After"]) <= 25 * 3600
    assert spent() == 3
    assert caller.post("districts/addresses", {"addresses": [ANYTOWN] * 2}).status_code == 200
    for _, path, body in KEYED:
        assert_problem(ask(caller, path, body), 429)
    assert caller.get(f"divisions/{STATE}/cd:1").status_code == 200
    assert spent() == 5


def test_an_invalid_request_costs_nothing(state: Any, new_key: Callable[..., str]) -> None:
    caller = Caller(new_key(budget=1))
    caller.post("districts/point", {"lon": "x", "lat": 1})
    caller.post("districts/point", POINT, content_type="text/plain")
    assert spent_today(ApiKey.objects.get()) == 0


def test_a_not_found_response_is_charged(state: Any, new_key: Callable[..., str]) -> None:
    Caller(new_key()).get("districts/zip/99999")
    assert spent_today(ApiKey.objects.get()) == 1
