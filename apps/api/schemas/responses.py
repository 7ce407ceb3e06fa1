"""What is answered: shapes of answers, each naming its layer, vintage, method and accuracy."""

from datetime import date
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

Outcome = Literal["found", "choices", "not_found"]


class Vintage(Schema):
    """The boundary file that an answer comes from, and the days on which its lines are in force (None: open)."""

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
    """A division's part of a ZIP code, 0 to 1; null where a published table names divisions without shares."""

    share: float | None


class Layer(Schema):
    """The divisions of one kind that hold a place: none, one, or several where the file's lines overlap."""

    vintage: Vintage
    divisions: list[Division]


class SharedLayer(Schema):
    """All divisions of one kind that a ZIP code touches, the largest share first.

    shares_of: the `houses` of loaded addresses, else the `area` of the ZIP code, else a published `list`.
    """

    vintage: Vintage
    shares_of: Literal["houses", "area", "list"]
    divisions: list[SharedDivision]


class PointAnswer(Schema):
    """The divisions of a point, by layer. The point itself is given, so the answer is exact."""

    on: date
    method: Literal["given"] = "given"
    accuracy_metres: float = 0
    layers: dict[str, Layer]


class PointsLayer(Schema):
    """One layer's answer to many points: `at[i]` is the place in `divisions` of point i's division, or null.

    Flat, since 50,000 small lists cost more than the look-up: where the file's lines overlap, `also` has the further
    divisions as [point, place in `divisions`].
    """

    vintage: Vintage
    divisions: list[str]
    at: list[int | None]
    also: list[tuple[int, int]]


class PointsAnswer(Schema):
    """The divisions of many points, by layer."""

    on: date
    method: Literal["given"] = "given"
    accuracy_metres: float = 0
    count: int
    layers: dict[str, PointsLayer]
    swapped: list[int] = Field(description="Points outside all boundaries that lie inside with lon and lat swapped.")


class Match(Schema):
    """A place for an address. method: `point` (a known address) or `range` (along its street's numbers)."""

    label: str
    lon: float
    lat: float
    method: str
    accuracy_metres: float
    exact: bool = Field(description="False where number, direction, type or road are not those asked for.")


class AddressOutcome(Schema):
    """found: `match`. choices: several places fit, or one that is not exactly what was asked: put the `question`.

    not_found: `missing` says what was not found.
    """

    outcome: Outcome
    match: Match | None = None
    choices: list[Match] = []
    question: str | None = Field(default=None, description="With choices: what to ask the person, in English.")
    more_choices: bool = False
    missing: str | None = None


class AddressAnswer(AddressOutcome):
    """The divisions of an address, by layer; none unless it was found."""

    on: date
    layers: dict[str, Layer]


class AddressRow(AddressOutcome):
    """One address of many: ids of its divisions by layer."""

    divisions: dict[str, list[str]]


class AddressesAnswer(Schema):
    """Many addresses, in the order in which they were asked."""

    on: date
    vintages: dict[str, Vintage]
    answers: list[AddressRow]


class ZipAnswer(Schema):
    """Every division that a ZIP code touches. A ZIP code is no place: where there are several, ask for the street."""

    on: date
    zip: str
    method: Literal["zip"] = "zip"
    accuracy_metres: None = None
    layers: dict[str, SharedLayer]


class DivisionAnswer(Division):
    """A division, what contains it, and what it touches."""

    on: date
    layer: str
    vintage: Vintage
    within: list[str]
    neighbours: list[Division]


class Outline(Schema):
    """A GeoJSON feature; the line is simplified, for maps and never for look-ups."""

    type: Literal["Feature"]
    id: str
    properties: dict[str, Any]
    geometry: dict[str, Any]


class Holder(Schema):
    """Somebody in an office; `as_of` is the day the source was true, and `stale` says that it has grown old."""

    name: str
    party: str | None
    since: date | None
    until: date | None
    links: list[str]
    source: str
    as_of: date
    stale: bool


class Seat(Schema):
    """An office of a division with its holders and its empty seats."""

    division: str
    role: str
    title: str
    vacant: int
    holders: list[Holder]


class OfficialsAnswer(Schema):
    """Everybody who represents a division, or what contains it."""

    on: date
    division: str
    seats: list[Seat]


class Wrong(Schema):
    """One thing that is wrong with a request."""

    field: str
    message: str


class Problem(Schema):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Wrong] = []
