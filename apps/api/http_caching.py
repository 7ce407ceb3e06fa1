"""Answers to GET with an ETag: whoever holds one asks again with If-None-Match and gets 304."""

import hashlib
from json import JSONEncoder
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from ninja import Schema

# Changes with the shapes of the answers.
VERSION = "1"
PUBLIC_SECONDS = 300
_write = JSONEncoder(separators=(",", ":")).encode


def etag_of(*parts: object) -> str:
    """Return an ETag of what an answer is made from: vintage ids, the day, the address."""
    return f'"{hashlib.sha256(repr((VERSION, *parts)).encode()).hexdigest()[:32]}"'


def unchanged(request: HttpRequest, etag: str) -> HttpResponse | None:
    """Return 304 where the caller already holds this answer, so that it need not be made."""
    response = get_conditional_response(request, etag=etag)
    return public(response, etag) if isinstance(response, HttpResponse) else None


def public(response: HttpResponse, etag: str) -> HttpResponse:
    """Let anybody keep an answer that is the same for everybody."""
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
    return response


def json(answer: Schema, media_type: str = "application/json") -> HttpResponse:
    """Return a checked answer."""
    return HttpResponse(answer.model_dump_json(), content_type=media_type)


def json_response(answer: dict[str, Any]) -> HttpResponse:
    """Return an answer that is made of plain values already."""
    return HttpResponse(_write(answer), content_type="application/json")


def private_json_response(request: HttpRequest, answer: Schema) -> HttpResponse:
    """Return an answer that a key paid for: only its owner may keep it, and asks each time whether it holds."""
    made = json(answer)
    etag = etag_of(request.path, made.content)
    response = get_conditional_response(request, etag=etag, response=made) or made
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Authorization"])
    return response
