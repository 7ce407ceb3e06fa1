"""The civic API when it cannot answer: every documented error, who may ask, what is spent."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError

from apps.api import services
from apps.api.civicinfo import views
from apps.api.models import ApiKey
from tests.api.civic import Civic, refused
from tests.api.conftest import STATE
from tests.api.discovery import valid
from tests.api.test_access import PARTNER
from tests.api.test_districts import ANYTOWN


def test_elections_that_cannot_be_answered(civic: Civic, elections: dict[str, str]) -> None:
    for number, status, reason in (
        (elections["over"], 400, "invalidQuery"),
        (elections["elsewhere"], 404, "notFound"),
        ("999999", 400, "invalidValue"),
        ("x", 400, "invalidParameter"),
    ):
        refused(civic.get("voterinfo", address=ANYTOWN, electionId=number), status, reason)
    from apps.officials.models import Election

    Election.objects.all().delete()
    refused(civic.get("voterinfo", address=ANYTOWN), 400, "invalidValue")
    partial = civic.get("voterinfo", address=ANYTOWN, returnAllAvailableData="true").json()
    assert "election" not in valid("VoterInfoResponse", partial)


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
    path: str, address: str, status: int, reason: str, message: str, civic: Civic
) -> None:
    assert refused(civic.get(path, address=address), status, reason)["message"] == message


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("representatives", {"address": ANYTOWN, "levels": "galaxy"}),
        ("representatives", {"address": ANYTOWN, "roles": ["judge", "king"]}),
        ("representatives", {"address": ANYTOWN, "includeOffices": "maybe"}),
        ("representatives", {"address": ANYTOWN, "alt": "proto"}),
        ("representatives", {"address": ANYTOWN, "callback": "steal"}),
        ("representatives", {"address": ANYTOWN, "fields": "offices(name"}),
        ("representatives", {"address": ANYTOWN, "fields": "a" + "(a" * 40}),
        ("representatives", {"address": ANYTOWN, "prettyPrint": "4711"}),
        (f"representatives/{STATE}", {"recursive": "often"}),
        ("representatives/elsewhere", {}),
        ("divisions", {}),
        ("divisions", {"query": "x" * 300}),
        ("elections", {"productionDataOnly": "4711"}),
    ],
)
def test_wrong_values_name_their_parameter_and_cost_nothing(path: str, asked: dict[str, Any], civic: Civic) -> None:
    error = refused(civic.get(path, **asked), 400, "invalidParameter")
    assert error["errors"][0]["locationType"] == "parameter"
    assert "4711" not in json.dumps(error)
    assert ApiKey.objects.get().spent == (1 if path == "representatives/elsewhere" else 0)


def test_what_the_method_does_not_know_is_refused(civic: Civic) -> None:
    refused(civic.get("divisionsByAddress", address=ANYTOWN, levels="country"), 400, "badRequest")
    refused(civic.get("representatives", adress=ANYTOWN), 400, "badRequest")
    for path in ("", "voters", "representatives/"):
        refused(civic.get(path), 404, "notFound")
    for name in ("put", "patch", "delete", "post", "options"):
        refused(getattr(civic.client, name)("/civicinfo/v2/elections"), 405, "httpMethodNotAllowed")


def test_a_key_comes_by_query_or_header(civic: Civic, people: None, new_key: Callable[..., str]) -> None:
    key = new_key()
    for headers in ({"X-Goog-Api-Key": key}, {"Authorization": f"Bearer {key}"}):
        assert Civic(None).get("representatives", headers, address=ANYTOWN).status_code == 200
    answer = refused(Civic(None).get("representatives", address=ANYTOWN), 403, "forbidden")
    assert answer["status"] == "PERMISSION_DENIED"
    revoked = new_key()
    services.revoke_key(prefix=revoked.split("_")[1])
    for bad in (revoked, key[:-1] + "_", "AIzaSyD-Google-Key"):
        error = refused(Civic(bad).get("representatives", address=ANYTOWN), 400, "badRequest")
        assert error["details"][0]["reason"] == "API_KEY_INVALID"
    for scope, open_paths in (
        ("districts", {"divisionsByAddress", "voterinfo"}),
        ("officials", {f"representatives/{STATE}"}),
    ):
        one = Civic(new_key(scope))
        for path in ("representatives", "divisionsByAddress", "voterinfo", f"representatives/{STATE}"):
            asked = {"returnAllAvailableData": "true"} if path == "voterinfo" else {}
            asked |= {} if "/" in path else {"address": ANYTOWN}
            answered = one.get(path, **asked)
            if path in open_paths:
                assert answered.status_code == 200, (path, answered.content)
            else:
                refused(answered, 403, "insufficientPermissions")


def test_budgets_hold_here_too(state: Path, new_key: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    one = Civic(new_key(budget=2))
    for _ in range(2):
        assert one.get("divisionsByAddress", address=ANYTOWN).status_code == 200
    spent = one.get("divisionsByAddress", address=ANYTOWN)
    assert refused(spent, 429, "rateLimitExceeded")["status"] == "RESOURCE_EXHAUSTED"
    assert 0 < int(spent.headers["Retry-After"]) <= 25 * 3600

    def down(**_: Any) -> bool:
        raise DatabaseError

    monkeypatch.setattr(views, "spend", down)
    assert refused(one.get("elections"), 503, "backendError")["status"] == "UNAVAILABLE"


def test_a_mistake_of_ours_has_the_form_and_not_the_text(
    civic: Civic, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("4711 Marker Lane")

    monkeypatch.setattr(views.responses, "divisions_of_address", broken)
    response = civic.get("divisionsByAddress", address="4711 Marker Lane")
    refused(response, 500, "backendError")
    assert b"Marker" not in response.content
    assert "api.raised" in caplog.text
    assert "Marker" not in caplog.text


def test_too_much_at_once_is_refused(civic: Civic, people: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views.responses, "MOST_DIVISIONS", 3)
    refused(civic.get(f"representatives/{STATE}", recursive="true"), 403, "limitExceeded")
    few = civic.get(f"representatives/{STATE}", recursive="true", levels="country")
    assert len(few.json()["divisions"]) == 3


def test_pages_of_named_origins_read_answers(civic: Civic, settings: Any) -> None:
    asked = {"address": ANYTOWN}
    for origin in (PARTNER, "https://evil.example.org"):
        answer = civic.get("divisionsByAddress", {"Origin": origin}, **asked)
        assert not [name for name in answer.headers if name.startswith("Access-Control")]
    settings.API_ORIGINS = [PARTNER]
    answer = civic.get("divisionsByAddress", {"Origin": PARTNER}, **asked)
    assert answer.headers["Access-Control-Allow-Origin"] == PARTNER
    assert answer.headers["Cache-Control"] == "no-store, private"
    wrong = civic.get("divisionsByAddress", {"Origin": "https://evil.example.org"}, **asked)
    assert "Access-Control-Allow-Origin" not in wrong.headers
    before = {"Origin": PARTNER, "Access-Control-Request-Method": "GET"}
    allowed = civic.client.options("/civicinfo/v2/representatives", headers=before)
    assert "X-Goog-Api-Key" in allowed.headers["Access-Control-Allow-Headers"]
