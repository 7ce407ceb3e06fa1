"""Schemas of responses, each with its layer, vintage, method and accuracy."""

from datetime import date
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

Outcome = Literal["found", "choices", "not_found"]


class Vintage(Schema):
    """The boundary file of a response, and the dates on which its boundaries are in force (null: open)."""

    id: int
    name: str
    valid_from: date | None
    valid_to: date | None
    source: str


class Division(Schema):
    """A division by its Open Civic Data id."""

    id: str
    name: str


class SharedDivision(Division):
    """A division's share of a ZIP code, 0 to 1; null if a published table lists divisions without shares."""

    share: float | None


class Layer(Schema):
    """The divisions of one layer that contain a place: none, one, or several where the file's polygons overlap."""

    vintage: Vintage
    divisions: list[Division]


class SharedLayer(Schema):
    """All divisions of one layer that a ZIP code overlaps, the largest share first.

    shares_of: `houses` of loaded addresses, or else the `area` of the ZIP code, or else a published `list`.
    """

    vintage: Vintage
    shares_of: Literal["houses", "area", "list"]
    divisions: list[SharedDivision]


class PointResponse(Schema):
    """The divisions of a point, by layer. The point is given, so the accuracy is exact."""

    on: date
    method: Literal["given"] = "given"
    accuracy_metres: float = 0
    layers: dict[str, Layer]


class PointsLayer(Schema):
    """One layer's divisions of many points: `at[i]` is the index in `divisions` of point i's division, or null.

    Flat, because 50,000 small lists cost more than the lookup. Where polygons overlap, `also` has the further
    divisions as [point, index in `divisions`].
    """

    vintage: Vintage
    divisions: list[str]
    at: list[int | None]
    also: list[tuple[int, int]]


class PointsResponse(Schema):
    """The divisions of many points, by layer."""

    on: date
    method: Literal["given"] = "given"
    accuracy_metres: float = 0
    count: int
    layers: dict[str, PointsLayer]
    swapped: list[int] = Field(description="Points outside all boundaries that are inside with lon and lat swapped.")


class Match(Schema):
    """The location of an address. method: `point` (a known address) or `range` (interpolated along a street)."""

    label: str
    lon: float
    lat: float
    method: str
    accuracy_metres: float
    exact: bool = Field(description="False if the number, direction, type or road differs from the queried one.")


class AddressOutcome(Schema):
    """found: see `match`. choices: several places match, or one that differs from the query; ask the `question`.

    not_found: `missing` says which part is unknown.
    """

    outcome: Outcome
    match: Match | None = None
    choices: list[Match] = []
    question: str | None = Field(default=None, description="With choices: what to ask the person, in English.")
    more_choices: bool = False
    missing: str | None = None


class AddressResponse(AddressOutcome):
    """The divisions of an address, by layer; empty unless the outcome is `found`."""

    on: date
    layers: dict[str, Layer]


class AddressRow(AddressOutcome):
    """One of many addresses, with the ids of its divisions by layer."""

    divisions: dict[str, list[str]]


class AddressesResponse(Schema):
    """Many addresses, in the order of the request."""

    on: date
    vintages: dict[str, Vintage]
    answers: list[AddressRow]


class ZipResponse(Schema):
    """Every division that a ZIP code overlaps. If a layer has several, only a street address decides."""

    on: date
    zip: str
    method: Literal["zip"] = "zip"
    accuracy_metres: None = None
    layers: dict[str, SharedLayer]


class DivisionResponse(Division):
    """A division, and the divisions that contain or touch it."""

    on: date
    layer: str
    vintage: Vintage
    within: list[str]
    neighbours: list[Division]


class Outline(Schema):
    """A GeoJSON feature with a simplified outline: for maps, never for lookups."""

    type: Literal["Feature"]
    id: str
    properties: dict[str, Any]
    geometry: dict[str, Any]


class Holder(Schema):
    """The holder of an office. `as_of`: the date of the source; `stale`: whether the source is outdated."""

    name: str
    party: str | None
    since: date | None
    until: date | None
    links: list[str]
    source: str
    as_of: date
    stale: bool


class Seat(Schema):
    """An office of a division, with its holders and the number of vacant seats."""

    division: str
    role: str
    title: str
    vacant: int
    holders: list[Holder]


class OfficialsResponse(Schema):
    """Everyone who represents a division or a division that contains it."""

    on: date
    division: str
    seats: list[Seat]


class FieldError(Schema):
    """One error in a request."""

    field: str
    message: str


class Problem(Schema):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError] = []
