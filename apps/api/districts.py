"""Places to districts: points and addresses by POST body only, a ZIP code by its address, all on any day."""

from datetime import date

import numpy as np
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from ninja.errors import HttpError

from apps.districts import lookup

from . import presenters
from .authentication import KeyFor, pay
from .http_caching import json, json_response, private_json_response
from .problems import Problems
from .schemas import responses
from .schemas.requests import AddressAsked, AddressesAsked, OnDay, PointAsked, PointsAsked, ZipCode, nothing_else

router = Router(auth=KeyFor("districts"), tags=["districts"])


def _day(asked: OnDay) -> date:
    return asked.on or lookup.today()


@router.post("/point", response={200: responses.PointAnswer, **Problems.POSTED}, summary="Districts of a point")
def point(request: HttpRequest, asked: PointAsked) -> HttpResponse:
    """Every division that holds the point, by layer. Costs 1."""
    pay(request)
    on = _day(asked)
    vintages = presenters.vintages_on(on)
    found = lookup.districts_at(asked.lon, asked.lat, on)
    if not any(found.values()) and abs(asked.lon) <= 90 and any(lookup.districts_at(asked.lat, asked.lon, on).values()):
        raise HttpError(422, "lon, lat: the point lies outside all boundaries, and inside with lon and lat swapped.")
    return json_response(
        {"on": on.isoformat(), "method": "given", "accuracy_metres": 0, "layers": presenters.layers(vintages, found)}
    )


@router.post("/points", response={200: responses.PointsAnswer, **Problems.POSTED}, summary="Districts of many points")
def points(request: HttpRequest, asked: PointsAsked) -> HttpResponse:
    """Every division of up to 10,000 points: arrays in, arrays out, in the order asked. Costs 1 a point."""
    pay(request, len(asked.lon))
    on = _day(asked)
    presenters.vintages_on(on)
    lon, lat = np.array(asked.lon), np.array(asked.lat)
    found = lookup.lookup_many(lon, lat, on)
    layers = {layer: presenters.points_layer(batch, len(lon)) for layer, batch in found.items()}
    answer = responses.PointsAnswer(on=on, count=len(lon), layers=layers, swapped=_swapped(lon, lat, found, on))
    return json(answer)


def _swapped(lon: np.ndarray, lat: np.ndarray, found: dict[str, lookup.Batch], on: date) -> list[int]:
    """Points that lie outside everything, and inside something with their numbers the other way round."""
    outside = np.ones(len(lon), bool)
    for batch in found.values():
        outside[batch.points] = False
    doubtful = np.flatnonzero(outside & (np.abs(lon) <= 90))
    if not len(doubtful):
        return []
    inside = [batch.points for batch in lookup.lookup_many(lat[doubtful], lon[doubtful], on).values()]
    hits: list[int] = doubtful[np.unique(np.concatenate(inside))].tolist()
    return hits


@router.post("/address", response={200: responses.AddressAnswer, **Problems.POSTED}, summary="Districts of an address")
def address(request: HttpRequest, asked: AddressAsked) -> HttpResponse:
    """The place of an address and every division that holds it; choices where several streets fit. Costs 1."""
    pay(request)
    on = _day(asked)
    vintages = presenters.vintages_on(on)
    found = lookup.districts_for_address(asked.address, on)
    layers = presenters.layers(vintages, found.districts) if found.districts else {}
    return json_response({"on": on.isoformat(), "layers": layers, **presenters.outcome(found.answer).model_dump()})


@router.post(
    "/addresses", response={200: responses.AddressesAnswer, **Problems.POSTED}, summary="Districts of many addresses"
)
def addresses(request: HttpRequest, asked: AddressesAsked) -> responses.AddressesAnswer:
    """Up to 1,000 addresses, answered in the order asked. Costs 1 an address."""
    pay(request, len(asked.addresses))
    on = _day(asked)
    vintages = presenters.vintages_on(on)
    index = lookup.addresses()
    answers = [index.find_text(line) for line in asked.addresses]
    places = [answer if isinstance(answer, lookup.AddressMatch) else None for answer in answers]
    # What is no place has no division, so one look-up serves all.
    lon = np.array([place.lon if place else np.nan for place in places])
    lat = np.array([place.lat if place else np.nan for place in places])
    ids: list[dict[str, list[str]]] = [{} for _ in answers]
    for layer, batch in lookup.lookup_many(lon, lat, on).items():
        for number, division in zip(batch.points.tolist(), batch.divisions.tolist(), strict=True):
            ids[number].setdefault(layer, []).append(batch.ids[division])
    rows = [
        responses.AddressRow(divisions=found, **presenters.outcome(answer).dict())
        for answer, found in zip(answers, ids, strict=True)
    ]
    return responses.AddressesAnswer(
        on=on, vintages={layer: presenters.vintage(row) for layer, row in vintages.items()}, answers=rows
    )


@router.get("/zip/{zip_code}", response={200: responses.ZipAnswer, **Problems.GOT}, summary="Districts of a ZIP code")
def zip_code(request: HttpRequest, zip_code: Path[ZipCode], asked: Query[OnDay]) -> HttpResponse:
    """Every division that the ZIP code touches, with its share of the houses, else of the area. Costs 1."""
    nothing_else(request, "on")
    pay(request)
    on = _day(asked)
    found = lookup.districts_for_zip(zip_code, on)
    if not found:
        raise HttpError(404, "No loaded file has this ZIP code.")
    layers = {layer: presenters.shares(shares) for layer, shares in sorted(found.items())}
    return private_json_response(request, responses.ZipAnswer(on=on, zip=zip_code, layers=layers))
