"""The published schema is true: requests made from it are answered as it says. And the page for people."""

import re
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

# A list that is too long is refused with 413, which Schemathesis does not count as a refusal by itself.
REFUSED = [400, 401, 403, 404, 405, 413, 415, 422]
CONFIG = SchemathesisConfig.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": REFUSED}}})
schema = schemathesis.openapi.from_dict(api.get_openapi_schema(), config=CONFIG)
schema.app = get_wsgi_application()


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Keep the test's transaction: a real request begins and ends with closing what is old."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("state", "_one_connection")
@schema.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_what_the_schema_says_is_so(case: Any, new_key: Callable[..., str]) -> None:
    # That both arrays are of one length, and that each query_id stands once, cannot be said in a schema.
    unsaid: list[CheckFunction] = [positive_data_acceptance] if case.path.endswith(("/points", "/lists")) else []
    case.call_and_validate(headers={"Authorization": f"Bearer {new_key()}"}, excluded_checks=unsaid)


@pytest.mark.django_db
def test_the_schema_is_published_for_everybody() -> None:
    response = Client().get("/api/v1/openapi.json")
    assert response.status_code == 200
    body = response.json()
    assert body["openapi"].startswith("3.")
    assert f"{STATE}" not in response.content.decode()
    for methods in body["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["description"]


@pytest.mark.django_db
def test_the_reference_names_every_operation_and_loads_nothing_from_elsewhere() -> None:
    response = Client().get("/api/")
    assert response.status_code == 200
    page = response.content.decode()
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in page
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page)
    assert set(re.findall(r'(?:src|href)="(https?:)?//', page)) == set()
    assert "&lt;" not in re.sub(r"<pre.*?</pre>", "", page, flags=re.DOTALL)


@pytest.mark.usefixtures("people")
def test_the_reference_tells_what_is_covered() -> None:
    page = " ".join(Client().get("/api/").content.decode().split())
    assert "cd-2022.parquet" in page
    rows = dict(re.findall(r'<th role="rowheader" scope="row"> ?<code>(\w+)</code>.*?With a holder">(\d+)</td>', page))
    assert rows == {"cd": "1", "county": "0"}
