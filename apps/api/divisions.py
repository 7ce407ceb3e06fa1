"""Endpoints of divisions: details and outlines, without a key, cacheable until the boundaries change."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.errors import HttpError

from apps.districts import lookup

from . import presenters
from .http_caching import make_etag, not_modified, public_json_response
from .problems import ProblemStatuses
from .schemas import responses
from .schemas.requests import DateQuery, reject_unknown_parameters

GEOJSON = "application/geo+json"
router = Router(tags=["divisions"])


def _get_division(ocd_id: str, on: date) -> lookup.DistrictHit:
    hit = lookup.division(ocd_id, on)
    if hit is None:
        raise HttpError(404, f"No boundaries in force on {on} include this division.")
    return hit


@router.get(
    "/{path:ocd_id}/outline", response={200: responses.Outline, **ProblemStatuses.OPEN}, summary="Outline of a division"
)
def outline(request: HttpRequest, ocd_id: str, query: Query[DateQuery]) -> HttpResponse:
    """Return a GeoJSON feature with a simplified outline: for maps, never for lookups. Needs no key."""
    reject_unknown_parameters(request, "on")
    on = query.on or lookup.today()
    hit = _get_division(ocd_id, on)
    etag = make_etag(request.path, on, hit.vintage.pk)
    if response_304 := not_modified(request, etag):
        return response_304
    vintage = presenters.vintage(hit.vintage)
    feature = responses.Outline(
        type="Feature",
        id=hit.ocd_id,
        properties={"name": hit.name, "layer": hit.layer, "vintage": vintage.dict(), "simplified": True},
        geometry=lookup.outline(ocd_id, on) or {},
    )
    return public_json_response(feature, etag, GEOJSON)


@router.get("/{path:ocd_id}", response={200: responses.DivisionResponse, **ProblemStatuses.OPEN}, summary="A division")
def division(request: HttpRequest, ocd_id: str, query: Query[DateQuery]) -> HttpResponse:
    """Return a division by its OCD id, and the divisions that contain or touch it. Needs no key."""
    reject_unknown_parameters(request, "on")
    on = query.on or lookup.today()
    hit = _get_division(ocd_id, on)
    etag = make_etag(request.path, on, hit.vintage.pk)
    if response_304 := not_modified(request, etag):
        return response_304
    parts = hit.ocd_id.split("/")
    details = responses.DivisionResponse(
        on=on,
        id=hit.ocd_id,
        name=hit.name,
        layer=hit.layer,
        vintage=presenters.vintage(hit.vintage),
        within=["/".join(parts[:end]) for end in range(2, len(parts))],
        neighbours=presenters.divisions(lookup.neighbors(ocd_id, on)),
    )
    return public_json_response(details, etag)
