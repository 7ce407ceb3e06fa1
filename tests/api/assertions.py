"""Assertions about responses of the API."""

from typing import Any


def assert_problem(response: Any, status: int) -> dict[str, Any]:
    """Check that a response is problem JSON of a status, and return its body."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    return body
