"""The discovery document that Google's client carries: its methods, and its schemas as JSON Schema."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import googleapiclient  # type: ignore[import-untyped]
import jsonschema  # type: ignore[import-untyped]
from googleapiclient.discovery import build  # type: ignore[import-untyped]

DOCUMENT = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents" / "civicinfo.v2.json"


@cache
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(DOCUMENT.read_text())
    return found


def client(url: str, key: str) -> Any:
    """Return Google's client with its built-in document and another server."""
    return build("civicinfo", "v2", developerKey=key, client_options={"api_endpoint": url}, static_discovery=True)


def _strict(value: Any) -> Any:
    """Return a schema of the document as JSON Schema without additional properties."""
    if isinstance(value, list):
        return [_strict(each) for each in value]
    if not isinstance(value, dict):
        return value
    made = {key: _strict(each) for key, each in value.items() if key not in {"id", "description", "default"}}
    if "$ref" in made and isinstance(made["$ref"], str):
        made["$ref"] = f"#/definitions/{made['$ref']}"
    if made.get("type") == "object" and "properties" in made:
        made.setdefault("additionalProperties", False)
    if made.get("type") == "string" and made.get("format") == "int64":
        made["pattern"] = r"^-?\d+$"
    return made


@cache
def _validator(name: str) -> jsonschema.Draft7Validator:
    definitions = {
        each: {**_strict({key: value for key, value in schema.items() if key != "properties"}),
               "properties": {field: _strict(value) for field, value in schema.get("properties", {}).items()},
               "additionalProperties": False}
        for each, schema in document()["schemas"].items()
    }  # fmt: skip
    return jsonschema.Draft7Validator({"$ref": f"#/definitions/{name}", "definitions": definitions})


def validate(name: str, answer: Any) -> Any:
    """Return a response that matches the schema of that name, without additional fields."""
    _validator(name).validate(answer)
    return answer
