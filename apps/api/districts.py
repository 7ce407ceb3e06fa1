"""Endpoints of districts: points and addresses in POST bodies only, ZIP codes by path, on any date."""

from datetime import date

import numpy as np
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from ninja.errors import HttpError

from apps.districts import lookup

from . import presenters
from .authentication import ApiKeyAuth, charge
from .http_caching import json_response, private_json_response
from .problems import ProblemStatuses
from .schemas import responses
from .schemas.requests import (
    AddressesRequest,
    AddressRequest,
    DateQuery,
    PointRequest,
    PointsRequest,
    ZipCode,
    reject_unknown_parameters,
)

router = Router(auth=ApiKeyAuth("districts"), tags=["districts"])


def _date(query: DateQuery) -> date:
    return query.on or lookup.today()


@router.post("/point", response={200: responses.PointResponse, **ProblemStatuses.POST}, summary="Districts of a point")
def point(request: HttpRequest, body: PointRequest) -> HttpResponse:
    """Return every division that contains the point, by layer. Costs 1."""
    charge(request)
    on = _date(body)
    vintages = presenters.vintages_on(on)
    found = lookup.districts_at(body.lon, body.lat, on)
    if not any(found.values()) and abs(body.lon) <= 90 and any(lookup.districts_at(body.lat, body.lon, on).values()):
        raise HttpError(422, "lon, lat: the point is outside all boundaries, but inside with lon and lat swapped.")
    return json_response(responses.PointResponse.model_construct(on=on, layers=presenters.layers(vintages, found)))


@router.post(
    "/points", response={200: responses.PointsResponse, **ProblemStatuses.POST}, summary="Districts of many points"
)
def points(request: HttpRequest, body: PointsRequest) -> HttpResponse:
    """Return every division of up to 10,000 points, as arrays in the order of the request. Costs 1 per point."""
    charge(request, len(body.lon))
    on = _date(body)
    presenters.vintages_on(on)
    lon, lat = np.array(body.lon), np.array(body.lat)
    found = lookup.lookup_many(lon, lat, on)
    layers = {layer: presenters.points_layer(batch, len(lon)) for layer, batch in found.items()}
    swapped = _swapped(lon, lat, found, on)
    return json_response(responses.PointsResponse(on=on, count=len(lon), layers=layers, swapped=swapped))


def _swapped(lon: np.ndarray, lat: np.ndarray, found: dict[str, lookup.PointBatch], on: date) -> list[int]:
    """Return the positions of points outside all boundaries that are inside with lon and lat swapped."""
    outside = np.ones(len(lon), bool)
    for batch in found.values():
        outside[batch.points] = False
    doubtful = np.flatnonzero(outside & (np.abs(lon) <= 90))
    if not len(doubtful):
        return []
    inside = [batch.points for batch in lookup.lookup_many(lat[doubtful], lon[doubtful], on).values()]
    hits: list[int] = doubtful[np.unique(np.concatenate(inside))].tolist()
    return hits


@router.post(
    "/address", response={200: responses.AddressResponse, **ProblemStatuses.POST}, summary="Districts of an address"
)
def address(request: HttpRequest, body: AddressRequest) -> HttpResponse:
    """Return an address's location and its divisions, or choices if several streets match. Costs 1."""
    charge(request)
    on = _date(body)
    vintages = presenters.vintages_on(on)
    found = lookup.districts_for_address(body.address, on)
    layers = presenters.layers(vintages, found.districts) if found.districts else {}
    outcome = presenters.address_outcome(found.answer)
    return json_response(responses.AddressResponse.model_construct(on=on, layers=layers, **dict(outcome)))


@router.post(
    "/addresses",
    response={200: responses.AddressesResponse, **ProblemStatuses.POST},
    summary="Districts of many addresses",
)
def addresses(request: HttpRequest, body: AddressesRequest) -> HttpResponse:
    """Return the divisions of up to 1,000 addresses, in the order of the request. Costs 1 per address."""
    charge(request, len(body.addresses))
    on = _date(body)
    vintages = presenters.vintages_on(on)
    index = lookup.address_index()
    answers = [index.find_text(line) for line in body.addresses]
    places = [answer if isinstance(answer, lookup.AddressMatch) else None for answer in answers]
    # Addresses without a location get NaN, which lies in no division.
    lon = np.array([place.lon if place else np.nan for place in places])
    lat = np.array([place.lat if place else np.nan for place in places])
    ids: list[dict[str, list[str]]] = [{} for _ in answers]
    for layer, batch in lookup.lookup_many(lon, lat, on).items():
        for number, division in zip(batch.points.tolist(), batch.divisions.tolist(), strict=True):
            ids[number].setdefault(layer, []).append(batch.ids[division])
    rows = [
        responses.AddressRow(divisions=found, **presenters.address_outcome(answer).dict())
        for answer, found in zip(answers, ids, strict=True)
    ]
    vintages_by_layer = {layer: presenters.vintage(row) for layer, row in vintages.items()}
    return json_response(responses.AddressesResponse(on=on, vintages=vintages_by_layer, answers=rows))


@router.get(
    "/zip/{zip_code}", response={200: responses.ZipResponse, **ProblemStatuses.GET}, summary="Districts of a ZIP code"
)
def zip_code(request: HttpRequest, zip_code: Path[ZipCode], query: Query[DateQuery]) -> HttpResponse:
    """Return every division that overlaps the ZIP code, with its share of the houses, or else of the area. Costs 1."""
    reject_unknown_parameters(request, "on")
    charge(request)
    on = _date(query)
    found = lookup.districts_for_zip(zip_code, on)
    if not found:
        raise HttpError(404, "No loaded file includes this ZIP code.")
    layers = {layer: presenters.shared_layer(shares) for layer, shares in sorted(found.items())}
    return private_json_response(request, responses.ZipResponse(on=on, zip=zip_code, layers=layers))
