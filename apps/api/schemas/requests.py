"""What may be asked: shapes of requests. Strict: no strings for numbers, no field that nobody reads."""

from datetime import date
from typing import Annotated, Any, Final

from django.http import HttpRequest
from ninja import Schema
from ninja.errors import HttpError
from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

MOST_POINTS: Final = 10_000
MOST_ADDRESSES: Final = 1_000


def _iso(value: Any) -> Any:
    """A day is text; a number would be read as seconds since 1970."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value if len(value) == len("2026-11-03") else "")
    except (TypeError, ValueError):
        raise ValueError("Write the day as YYYY-MM-DD.") from None


Day = Annotated[date, BeforeValidator(_iso), WithJsonSchema({"type": "string", "format": "date"})]
Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, strict=True)]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, strict=True)]
AddressLine = Annotated[str, Field(min_length=3, max_length=200, strict=True, pattern=r"^[^\x00-\x1f\x7f]*$")]
ZipCode = Annotated[str, Field(pattern=r"^[0-9]{5}$")]
DivisionId = Annotated[str, Field(max_length=200, pattern=r"^ocd-division/country:[a-z]{2}(/[a-z_]+:[\w.~-]+)*$")]


def nothing_else(request: HttpRequest, *known: str) -> None:
    """Refuse what nobody reads: a misspelt `on` would be answered with today's lines."""
    if set(request.GET) - set(known):
        raise HttpError(422, f"After '?' may stand: {', '.join(known)}; nothing else.")


class OnDay(Schema):
    """The day whose lines count."""

    on: Day | None = Field(None, description="The day whose lines count, YYYY-MM-DD; today where it is left out.")


class PointAsked(OnDay):
    """One place on Earth, in degrees (WGS 84)."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"lon": -78.64, "lat": 35.78}})
    lon: Lon
    lat: Lat


class PointsAsked(OnDay):
    """Many places, as two arrays of the same length."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"lon": [-78.64, -80.84], "lat": [35.78, 35.23]}}
    )
    lon: list[Lon] = Field(min_length=1, max_length=MOST_POINTS)
    lat: list[Lat] = Field(min_length=1, max_length=MOST_POINTS)

    @model_validator(mode="after")
    def pairs(self) -> "PointsAsked":
        """Each point needs both numbers."""
        if len(self.lon) != len(self.lat):
            raise ValueError(f"lon has {len(self.lon)} numbers and lat {len(self.lat)}; each point needs both.")
        return self


class AddressAsked(OnDay):
    """An address in one line."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"address": "1 Main St, Halden Falls, HD 00501"}}
    )
    address: AddressLine


class AddressesAsked(OnDay):
    """Many addresses, each in one line."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"addresses": ["1 Main St, Halden Falls, HD 00501"]}}
    )
    addresses: list[AddressLine] = Field(min_length=1, max_length=MOST_ADDRESSES)


class OfficialsAsked(OnDay):
    """Whose officials, on which day."""

    division: DivisionId = Field(description="An OCD division id; those that contain it are answered, too.")
