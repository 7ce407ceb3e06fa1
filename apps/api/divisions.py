"""Public divisions: facts and outlines, open to everybody, kept by caches until the boundaries change."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.errors import HttpError

from apps.districts import lookup

from . import presenters
from .http_caching import etag_of, json, public, unchanged
from .problems import Problems
from .schemas import responses
from .schemas.requests import OnDay, nothing_else

GEOJSON = "application/geo+json"
router = Router(tags=["divisions"])


def _found(ocd_id: str, on: date) -> lookup.DistrictHit:
    hit = lookup.division(ocd_id, on)
    if hit is None:
        raise HttpError(404, f"No boundaries in force on {on} have this division.")
    return hit


@router.get(
    "/{path:ocd_id}/outline", response={200: responses.Outline, **Problems.OPEN}, summary="Outline of a division"
)
def outline(request: HttpRequest, ocd_id: str, asked: Query[OnDay]) -> HttpResponse:
    """A GeoJSON feature whose line is simplified: for maps, never for look-ups. No key needed."""
    nothing_else(request, "on")
    on = asked.on or lookup.today()
    hit = _found(ocd_id, on)
    etag = etag_of(request.path, on, hit.vintage.pk)
    if same := unchanged(request, etag):
        return same
    vintage = presenters.vintage(hit.vintage)
    feature = responses.Outline(
        type="Feature",
        id=hit.ocd_id,
        properties={"name": hit.name, "layer": hit.layer, "vintage": vintage.dict(), "simplified": True},
        geometry=lookup.outline(ocd_id, on) or {},
    )
    return public(json(feature, GEOJSON), etag)


@router.get("/{path:ocd_id}", response={200: responses.DivisionAnswer, **Problems.OPEN}, summary="A division")
def division(request: HttpRequest, ocd_id: str, asked: Query[OnDay]) -> HttpResponse:
    """A division by its OCD id: its name, layer and vintage, what contains it, and what it touches. No key needed."""
    nothing_else(request, "on")
    on = asked.on or lookup.today()
    hit = _found(ocd_id, on)
    etag = etag_of(request.path, on, hit.vintage.pk)
    if same := unchanged(request, etag):
        return same
    parts = hit.ocd_id.split("/")
    answer = responses.DivisionAnswer(
        on=on,
        id=hit.ocd_id,
        name=hit.name,
        layer=hit.layer,
        vintage=presenters.vintage(hit.vintage),
        within=["/".join(parts[:end]) for end in range(2, len(parts))],
        neighbours=presenters.divisions(lookup.neighbours(ocd_id, on)),
    )
    return public(json(answer), etag)
