"""Who may ask what: keys, scopes, budgets, other sites' pages; and a row for every operation that there is."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.api import authentication, quota_blocks, services
from apps.api.api import api
from apps.api.models import ApiKey
from apps.audit.models import AuditEntry
from apps.core.errors import Refused
from tests.api.conftest import EAST, STATE, Caller
from tests.api.test_districts import ANYTOWN, problem

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


def test_every_operation_has_a_row_here() -> None:
    published = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method in methods
    }
    assert published == set(OPERATIONS)


@pytest.mark.parametrize(("scope", "path", "body"), OPERATIONS.values())
def test_each_operation_opens_to_its_scope_only(
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
    assert scope in problem(wrong_scope, 403)["detail"]
    for response in refused:
        problem(response, 401)
        assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("scope", "path", "body"), OPERATIONS.values())
def test_another_method_is_refused(scope: str | None, path: str, body: Any, caller: Caller) -> None:
    del scope, body
    taken = {method.lower() for (method, _), row in OPERATIONS.items() if row[1] == path}
    for method in {"get", "post", "put", "patch", "delete", "trace"} - taken:
        response = getattr(caller.client, method)(f"/api/v1/{path}", headers=caller.headers)
        assert problem(response, 405)["detail"]
        assert response.headers["Allow"]


def test_an_address_of_nothing_is_a_problem_too(anybody: Caller) -> None:
    problem(anybody.get("voters"), 404)
    problem(anybody.post("districts/polygon", {}), 404)


def test_a_batch_spends_a_point_each_all_or_none(state: Any, new_key: Callable[..., str]) -> None:
    caller = Caller(new_key(budget=5))
    row = ApiKey.objects.get()

    def spent() -> int:
        row.refresh_from_db()
        return row.spent

    assert caller.post("districts/points", {"lon": [1, 2, 3], "lat": [1, 2, 3]}).status_code == 200
    assert spent() == 3
    refused = caller.post("districts/addresses", {"addresses": [ANYTOWN] * 3})
    problem(refused, 429)
    assert 0 < int(refused.headers["Retry-After"]) <= 25 * 3600
    assert spent() == 3
    assert caller.post("districts/addresses", {"addresses": [ANYTOWN] * 2}).status_code == 200
    for _, path, body in KEYED:
        problem(ask(caller, path, body), 429)
    assert caller.get(f"divisions/{STATE}/cd:1").status_code == 200
    assert spent() == 5


def test_a_request_that_is_refused_for_its_form_costs_nothing(state: Any, new_key: Callable[..., str]) -> None:
    caller = Caller(new_key(budget=1))
    caller.post("districts/point", {"lon": "x", "lat": 1})
    caller.post("districts/point", POINT, content_type="text/plain")
    assert ApiKey.objects.get().spent == 0


def test_what_is_not_found_costs_as_well(state: Any, new_key: Callable[..., str]) -> None:
    Caller(new_key()).get("districts/zip/99999")
    assert ApiKey.objects.get().spent == 1


@pytest.mark.django_db
def test_a_budget_begins_anew_each_day_of_the_installation(new_key: Callable[..., str]) -> None:
    new_key(budget=2)
    key = ApiKey.objects.get()
    # 20:00 on the 20th in New York, which is the 21st in London already.
    with time_machine.travel(datetime.fromisoformat("2026-11-20T20:00:00-05:00"), tick=False):
        assert services.spend(key=key, points=2)
        assert not services.spend(key=key, points=1)
        assert services.seconds_to_tomorrow() == 4 * 3600
    with time_machine.travel(datetime.fromisoformat("2026-11-21T00:00:00-05:00"), tick=False):
        assert not services.spend(key=key, points=3)
        assert services.spend(key=key, points=2)
    key.refresh_from_db()
    assert (key.spent, key.spent_on) == (2, date(2026, 11, 21))


@pytest.mark.django_db
def test_a_budget_is_spent_in_one_statement(new_key: Callable[..., str], django_assert_num_queries: Any) -> None:
    new_key()
    key = ApiKey.objects.get()
    with django_assert_num_queries(1):
        services.spend(key=key, points=1)


@pytest.mark.django_db(transaction=True)
def test_requests_at_once_never_spend_more_than_there_is(new_key: Callable[..., str]) -> None:
    new_key(budget=5)
    key = ApiKey.objects.get()

    def one(_: int) -> bool:
        try:
            return services.spend(key=key, points=1)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(one, range(12))) == [False] * 7 + [True] * 5
    key.refresh_from_db()
    assert key.spent == 5


@pytest.mark.django_db
def test_a_key_that_was_revoked_meanwhile_spends_nothing(new_key: Callable[..., str]) -> None:
    new_key()
    key = ApiKey.objects.get()
    services.revoke_key(prefix=key.prefix)
    assert not services.spend(key=key, points=1)


def test_without_the_budget_nothing_is_answered(state: Any, caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(**_: Any) -> bool:
        raise DatabaseError

    monkeypatch.setattr(authentication, "spend", down)
    for _, path, body in KEYED:
        response = ask(caller, path, body)
        problem(response, 503)
        assert response.headers["Retry-After"] == "5"


def test_a_mistake_of_ours_is_a_problem_without_its_text(
    state: Any, caller: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("4711 Marker Lane")

    monkeypatch.setattr("apps.districts.lookup.districts_for_address", broken)
    response = caller.post("districts/address", {"address": ANYTOWN})
    assert response.headers["X-Request-Id"] in problem(response, 500)["detail"]
    assert b"Marker" not in response.content
    assert "api.raised" in caplog.text
    assert "Marker" not in caplog.text


@pytest.mark.django_db
def test_only_a_hash_of_a_key_is_kept(new_key: Callable[..., str]) -> None:
    key = new_key()
    row = ApiKey.objects.values().get()
    assert key[12:] not in json.dumps(row, default=str)
    assert row["prefix"] in key
    assert services.known_key(key) == ApiKey.objects.get()
    assert services.known_key(key + "\n") is None


@pytest.mark.django_db
def test_the_command_makes_lists_and_revokes_keys() -> None:
    def run(*arguments: str) -> str:
        out = StringIO()
        call_command("api_key", *arguments, stdout=out)
        return out.getvalue()

    key = run("create", "Map of Halden", "--scope", "districts", "--scope", "officials", "--budget", "500").split("\n")[
        -2
    ]
    row = services.known_key(key)
    assert row is not None
    assert (row.name, row.scopes, row.daily_budget) == ("Map of Halden", ["districts", "officials"], 500)
    listed = run("list")
    assert row.prefix in listed
    assert key not in listed
    assert json.loads(run("list", "--json"))["keys"][0]["spent_on"] == "never"
    run("revoke", row.prefix)
    assert services.known_key(key) is None
    assert "revoked" in run("list")
    with pytest.raises(CommandError, match=row.prefix) as caught:
        run("revoke", row.prefix)
    assert caught.value.returncode == 1
    assert list(AuditEntry.objects.order_by("number").values_list("action", flat=True)) == [
        "api_key.create",
        "api_key.revoke",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--scope=districts", "--budget=5"], "NAME"),
        ([" ", "--scope=districts", "--budget=5"], "NAME"),
        (["x" * 81, "--scope=districts", "--budget=5"], "NAME"),
        (["x", "--budget=5"], "--scope"),
        (["x", "--scope=voters", "--budget=5"], "--scope"),
        (["x", "--scope=districts"], "--budget"),
        (["x", "--scope=districts", "--budget=-1"], "--budget"),
    ],
)
def test_wrong_arguments_of_the_command_are_named(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words) as caught:
        call_command("api_key", "create", *arguments)
    assert caught.value.returncode == 2
    assert not ApiKey.objects.exists()


@pytest.mark.django_db
def test_an_unknown_prefix_is_refused() -> None:
    with pytest.raises(Refused, match="00000000"):
        services.revoke_key(prefix="00000000")


PARTNER = "https://partner.example.org"


@pytest.mark.parametrize("origin", [PARTNER, "null", "https://evil.example.org", f"{PARTNER}.evil.example.org", "*"])
def test_no_other_site_reads_answers_by_default(state: Any, caller: Caller, origin: str) -> None:
    answers = [
        caller.get(f"divisions/{STATE}/cd:1", Origin=origin),
        caller.client.options(
            "/api/v1/districts/point", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
        ),
    ]
    for response in answers:
        assert not [name for name in response.headers if name.startswith("Access-Control")]


def test_a_site_of_the_setting_may_read_answers_and_others_still_not(state: Any, caller: Caller, settings: Any) -> None:
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


@pytest.mark.parametrize(
    "origin", ["*", "null", "partner.example.org", f"{PARTNER}/", f"{PARTNER}/x", "ftp://x", "https://"]
)
def test_what_is_no_origin_stops_the_start(settings: Any, origin: str) -> None:
    settings.API_ORIGINS = [PARTNER, origin]
    (error,) = [each for each in run_checks() if each.id == "api.E001"]
    assert "API_ORIGINS" in error.msg


@pytest.fixture
def purse(new_key: Callable[..., str]) -> Iterator[tuple[str, ApiKey]]:
    """A key of 10,000, whose block may grow to 100; what this process held of other keys is forgotten."""
    quota_blocks._purses.clear()
    quota_blocks.forget_keys()
    key = new_key(budget=10_000)
    yield key, ApiKey.objects.get()
    quota_blocks._purses.clear()
    quota_blocks.forget_keys()


@pytest.mark.django_db(transaction=True)
def test_a_block_is_taken_before_it_is_spent_and_never_larger_than_what_was(purse: tuple[str, ApiKey]) -> None:
    _, row = purse
    for used in range(1, 400):
        assert services.spend(key=row, points=1)
        row.refresh_from_db()
        assert used <= row.spent <= min(2 * used, used + 100)
    quota_blocks.give_back_all()
    row.refresh_from_db()
    assert row.spent == 399


@pytest.mark.django_db(transaction=True)
def test_most_calls_of_a_busy_key_ask_no_database(
    purse: tuple[str, ApiKey], django_assert_max_num_queries: Any
) -> None:
    key, row = purse
    with django_assert_max_num_queries(60):
        for _ in range(2_000):
            assert services.known_key(key) == row
            assert services.spend(key=row, points=1)


@pytest.mark.django_db(transaction=True)
def test_two_processes_never_spend_more_than_the_budget(purse: tuple[str, ApiKey]) -> None:
    _, row = purse
    one, other = quota_blocks.Purse(row), quota_blocks.Purse(row)
    answered = sum(purse.take(1) for _ in range(6_000) for purse in (one, other))
    assert answered == 10_000
    assert not one.take(1)
    assert not other.take(1)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert one.take(1)
        row.refresh_from_db()
        assert row.spent == 1


@pytest.mark.django_db(transaction=True)
def test_a_key_revoked_elsewhere_is_refused_within_a_second(
    purse: tuple[str, ApiKey], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, row = purse
    now = time.monotonic()
    monkeypatch.setattr(quota_blocks.time, "monotonic", lambda: now)
    assert services.known_key(key) == row
    ApiKey.objects.update(revoked_at=timezone.now())
    now += quota_blocks.KEY_SECONDS
    assert services.known_key(key) is None


@pytest.mark.django_db(transaction=True)
def test_a_key_revoked_here_is_refused_at_once(purse: tuple[str, ApiKey]) -> None:
    key, row = purse
    assert services.known_key(key) == row
    services.revoke_key(prefix=row.prefix)
    assert services.known_key(key) is None


@pytest.mark.django_db(transaction=True)
def test_without_the_database_no_block_is_given_out(purse: tuple[str, ApiKey], monkeypatch: pytest.MonkeyPatch) -> None:
    _, row = purse
    assert all(services.spend(key=row, points=1) for _ in range(5))
    held = quota_blocks._purses[connection.settings_dict["NAME"], row.pk]._left

    def down(**_: Any) -> bool:
        raise DatabaseError

    monkeypatch.setattr(quota_blocks.key_quotas, "reserve", down)
    assert all(services.spend(key=row, points=1) for _ in range(held))
    with pytest.raises(DatabaseError):
        services.spend(key=row, points=1)
