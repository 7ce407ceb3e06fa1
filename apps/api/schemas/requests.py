"""Schemas of requests. Strict: no strings for numbers, no unknown fields."""

from datetime import date
from typing import Annotated, Any, Final

from django.http import HttpRequest
from ninja import Schema
from ninja.errors import HttpError
from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

MAX_POINTS: Final = 10_000
MAX_ADDRESSES: Final = 1_000


def _parse_date(value: Any) -> Any:
    """Parse a date from text only; pydantic would read a number as seconds since 1970."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value if len(value) == len("2026-11-03") else "")
    except (TypeError, ValueError):
        raise ValueError("Write the date as YYYY-MM-DD.") from None


IsoDate = Annotated[date, BeforeValidator(_parse_date), WithJsonSchema({"type": "string", "format": "date"})]
Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, strict=True)]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, strict=True)]
AddressLine = Annotated[str, Field(min_length=3, max_length=200, strict=True, pattern=r"^[^\x00-\x1f\x7f]*$")]
ZipCode = Annotated[str, Field(pattern=r"^[0-9]{5}$")]
DivisionId = Annotated[str, Field(max_length=200, pattern=r"^ocd-division/country:[a-z]{2}(/[a-z_]+:[\w.~-]+)*$")]


def reject_unknown_parameters(request: HttpRequest, *known: str) -> None:
    """Raise HTTP 422 for unknown query parameters: a misspelled `on` would silently mean today."""
    if set(request.GET) - set(known):
        raise HttpError(422, f"Unknown query parameter. This operation accepts: {', '.join(known) or 'none'}.")


class DateQuery(Schema):
    """The date whose boundaries apply."""

    on: IsoDate | None = Field(None, description="The date whose boundaries apply, YYYY-MM-DD; default: today.")


class PointRequest(DateQuery):
    """A point, in degrees (WGS 84)."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"lon": -78.64, "lat": 35.78}})
    lon: Lon
    lat: Lat


class PointsRequest(DateQuery):
    """Many points, as two arrays of the same length."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"lon": [-78.64, -80.84], "lat": [35.78, 35.23]}}
    )
    lon: list[Lon] = Field(min_length=1, max_length=MAX_POINTS)
    lat: list[Lat] = Field(min_length=1, max_length=MAX_POINTS)

    @model_validator(mode="after")
    def pairs(self) -> "PointsRequest":
        """Raise ValueError unless both arrays have the same length."""
        if len(self.lon) != len(self.lat):
            raise ValueError(f"lon has {len(self.lon)} numbers and lat {len(self.lat)}; each point needs both.")
        return self


class AddressRequest(DateQuery):
    """An address on one line."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"address": "1 Main St, Halden Falls, HD 00501"}}
    )
    address: AddressLine


class AddressesRequest(DateQuery):
    """Many addresses, each on one line."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"addresses": ["1 Main St, Halden Falls, HD 00501"]}}
    )
    addresses: list[AddressLine] = Field(min_length=1, max_length=MAX_ADDRESSES)


class OfficialsQuery(DateQuery):
    """A division and a date."""

    division: DivisionId = Field(description="An OCD division id; the response includes the divisions that contain it.")
