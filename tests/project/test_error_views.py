"""Pages while the database is down: they ask to try again and do not report a defect."""

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from project.urls import handler500  # noqa: F401 - the resolver reads it here

TROUBLE: list[Exception] = []


def breaks(_request: HttpRequest) -> HttpResponse:
    raise TROUBLE[-1]


urlpatterns = [path("", breaks, name="home"), path("", breaks, name="breaks")]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("error", "status", "again"),
    [
        (OperationalError("server closed the connection"), 503, "5"),
        (InterfaceError("connection already closed"), 503, "5"),
        (ValueError("ours"), 500, None),
    ],
)
def test_an_unavailable_database_is_distinguished_from_internal_errors(
    error: Exception, status: int, again: str | None
) -> None:
    TROUBLE.append(error)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == again
    assert "When we confirm that something is saved, it stays saved" in answer.content.decode()
