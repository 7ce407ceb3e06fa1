"""Invalid parameters get the documented errors and cost nothing."""

import json
from typing import Any

import pytest

from apps.api.key_quotas import spent_today
from apps.api.models import ApiKey
from tests.api.civic import CivicCaller, assert_civic_error
from tests.api.conftest import ANYTOWN, STATE


@pytest.mark.parametrize(
    ("path", "parameters"),
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
def test_invalid_values_name_their_parameter_and_cost_nothing(
    path: str, parameters: dict[str, Any], civic: CivicCaller
) -> None:
    error = assert_civic_error(civic.get(path, **parameters), 400, "invalidParameter")
    assert error["errors"][0]["locationType"] == "parameter"
    assert "4711" not in json.dumps(error)
    assert spent_today(ApiKey.objects.get()) == (1 if path == "representatives/elsewhere" else 0)


def test_unknown_parameters_are_refused(civic: CivicCaller) -> None:
    assert_civic_error(civic.get("divisionsByAddress", address=ANYTOWN, levels="country"), 400, "badRequest")
    assert_civic_error(civic.get("representatives", adress=ANYTOWN), 400, "badRequest")
    for path in ("", "voters", "representatives/"):
        assert_civic_error(civic.get(path), 404, "notFound")
    for name in ("put", "patch", "delete", "post", "options"):
        assert_civic_error(getattr(civic.client, name)("/civicinfo/v2/elections"), 405, "httpMethodNotAllowed")
