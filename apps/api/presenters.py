"""Convert results of the district lookup into response schemas."""

from collections.abc import Iterable
from datetime import date

import numpy as np
from ninja.errors import HttpError

from apps.districts import lookup
from apps.districts.addresses.lookup import AddressResult
from apps.districts.models import Vintage

from .schemas import responses


def vintages_on(on: date) -> dict[str, Vintage]:
    """Return the vintages in force on a date, by layer; raise HTTP 404 if there are none."""
    vintages = lookup.vintages_on(on)
    if not vintages:
        raise HttpError(404, f"No boundaries are in force on {on}.")
    return vintages


def vintage(row: Vintage) -> responses.Vintage:
    """Return a vintage as its schema, without validation: see `layers`."""
    return responses.Vintage.model_construct(
        id=row.pk, name=row.name, valid_from=row.valid_from, valid_to=row.valid_to, source=row.source
    )


def divisions(hits: Iterable[lookup.DistrictHit]) -> list[responses.Division]:
    """Return hits as division schemas."""
    return [responses.Division(id=hit.ocd_id, name=hit.name) for hit in hits]


def layers(vintages: dict[str, Vintage], districts: lookup.Districts) -> dict[str, responses.Layer]:
    """Return the divisions of a place by layer, including layers without any.

    Skips validation, which costs ten times the lookup; the tests validate responses against the schema.
    """
    return {
        layer: responses.Layer.model_construct(
            vintage=vintage(row),
            divisions=[
                responses.Division.model_construct(id=hit.ocd_id, name=hit.name) for hit in districts.get(layer, ())
            ],
        )
        for layer, row in vintages.items()
    }


def points_layer(batch: lookup.PointBatch, count: int) -> responses.PointsLayer:
    """Return one layer's divisions of many points, with a table of the divisions that occur."""
    occurring, places = np.unique(batch.divisions, return_inverse=True)
    # Pairs are sorted by point: the first one of each point goes into `at`, further ones into `also`.
    first = np.r_[True, batch.points[1:] != batch.points[:-1]] if len(places) else np.zeros(0, bool)
    at = np.full(count, -1)
    at[batch.points[first]] = places[first]
    return responses.PointsLayer(
        vintage=vintage(batch.vintage),
        divisions=[batch.ids[number] for number in occurring.tolist()],
        at=[None if place < 0 else place for place in at.tolist()],
        also=list(zip(batch.points[~first].tolist(), places[~first].tolist(), strict=True)),
    )


def address_outcome(answer: AddressResult) -> responses.AddressOutcome:
    """Return an address match, its choices, or what is missing, as a schema."""
    if isinstance(answer, lookup.AddressMatch):
        return responses.AddressOutcome(outcome="found", match=_match(answer))
    if isinstance(answer, lookup.Choices):
        choices = [_match(option) for option in answer.options]
        return responses.AddressOutcome(
            outcome="choices", choices=choices, question=answer.question, more_choices=answer.more
        )
    return responses.AddressOutcome(outcome="not_found", missing=answer.missing)


def _match(match: lookup.AddressMatch) -> responses.Match:
    return responses.Match(
        label=match.label,
        lon=match.lon,
        lat=match.lat,
        method=match.method,
        accuracy_metres=match.accuracy,
        exact=match.exact,
    )


def shared_layer(shares: list[lookup.Share]) -> responses.SharedLayer:
    """Return the divisions of one layer that a ZIP code overlaps; `shares` must not be empty."""
    return responses.SharedLayer(
        vintage=vintage(shares[0].hit.vintage),
        shares_of=shares[0].basis,
        divisions=[
            responses.SharedDivision(
                id=share.hit.ocd_id,
                name=share.hit.name,
                share=None if share.share is None else round(share.share, 4),
            )
            for share in shares
        ],
    )
