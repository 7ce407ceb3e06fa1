"""The published schema is true: requests generated from it get the responses that it describes."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import CheckFunction
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from apps.api.api import api
from tests.api.conftest import STATE

# Too long a list is refused with 413, which Schemathesis does not count as a refusal.
REFUSED = [400, 401, 403, 404, 405, 413, 415, 422]
CONFIG = SchemathesisConfig.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": REFUSED}}})
schema = schemathesis.openapi.from_dict(api.get_openapi_schema(), config=CONFIG)
schema.app = get_wsgi_application()


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Stay in the test's transaction: a real request would close old connections."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.usefixtures("state", "_one_connection")
@schema.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_responses_match_the_schema(case: Any, new_key: Callable[..., str]) -> None:
    # A schema cannot state that both arrays have the same length and that each query_id is unique.
    unsaid: list[CheckFunction] = [positive_data_acceptance] if case.path.endswith(("/points", "/lists")) else []
    case.call_and_validate(headers={"Authorization": f"Bearer {new_key()}"}, excluded_checks=unsaid)


@pytest.mark.django_db
def test_the_schema_is_public() -> None:
    response = Client().get("/api/v1/openapi.json")
    assert response.status_code == 200
    body = response.json()
    assert body["openapi"].startswith("3.")
    assert f"{STATE}" not in response.content.decode()
    for methods in body["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["description"]
