"""JSON responses of the API's views: uncached, public with an ETag, or private with an ETag."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from ninja import Schema

# Increase it when the format of a response changes.
FORMAT_VERSION = "1"
PUBLIC_SECONDS = 300
JSON = "application/json"


def make_etag(*parts: object) -> str:
    """Return an ETag of the inputs of a response: the path, the date, and the vintage's id or the content."""
    return f'"{hashlib.sha256(repr((FORMAT_VERSION, *parts)).encode()).hexdigest()[:32]}"'


def not_modified(request: HttpRequest, etag: str) -> HttpResponse | None:
    """Return a 304 response if the client has the current version, else None."""
    response = get_conditional_response(request, etag=etag)
    return _public(response, etag) if isinstance(response, HttpResponse) else None


def public_json_response(content: Schema, etag: str, media_type: str = JSON) -> HttpResponse:
    """Return a response that any cache may store: it is the same for every client."""
    return _public(json_response(content, media_type), etag)


def _public(response: HttpResponse, etag: str) -> HttpResponse:
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
    return response


def json_response(content: Schema, media_type: str = JSON) -> HttpResponse:
    """Return a response without caching headers."""
    return HttpResponse(content.model_dump_json(), content_type=media_type)


def private_json_response(request: HttpRequest, content: Schema) -> HttpResponse:
    """Return a response charged to a key: only its client may store it, and must revalidate it each time."""
    full = json_response(content)
    etag = make_etag(request.path, full.content)
    response = get_conditional_response(request, etag=etag, response=full) or full
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Authorization"])
    return response
