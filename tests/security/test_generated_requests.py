"""Generated requests to the API: none fails, and each answer is one that the published schema names."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from apps.api.services import create_key
from project.wsgi import application

EXAMPLES = 8
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]


def _valid(result: Any) -> Any:
    """Return an operation of the schema; raise the error of an invalid one."""
    return result.ok()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_generated_request_fails_or_passes_undocumented() -> None:
    key = create_key(name="Generated", scopes=["districts", "lists", "officials"], daily_budget=1_000_000)[1]
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    operations = [operation for result in schema.get_all_operations() if (operation := _valid(result))]
    assert len(operations) > 5
    for operation in operations:

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
        @given(case=operation.as_strategy())
        def send(case: Any) -> None:
            case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)

        send()
