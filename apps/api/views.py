"""The API reference page."""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.officials.coverage import coverage

from .api import DESCRIPTION, api

CACHE_CONTROL = "public, max-age=3600"


@dataclass(frozen=True)
class OperationEntry:
    """One operation on the reference page."""

    method: str
    path: str
    title: str
    text: str
    curl: str


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Show every operation with an example for the command line."""
    schema = api.get_openapi_schema()
    entries = [
        _entry(schema, method.upper(), path, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    context = {"entries": entries, "paragraphs": DESCRIPTION.split("\n\n"), "covered": coverage(against_list=False)}
    response = render(request, "api/reference.html", context)
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response


def _entry(schema: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> OperationEntry:
    parts = ["curl"]
    if "security" in operation:
        parts.append("-H 'Authorization: Bearer vk_…'")
    if body := operation.get("requestBody"):
        name = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        example = json.dumps(schema["components"]["schemas"][name]["example"])
        parts += ["-H 'Content-Type: application/json'", f"-d '{example}'"]
    parts.append(f"'{settings.SITE_URL}{path}'")
    return OperationEntry(method, path, operation["summary"], operation["description"], " ".join(parts))
