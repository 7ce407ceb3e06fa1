"""Answers made of what the districts' room found."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
from ninja.errors import HttpError

from apps.districts import lookup
from apps.districts.addresses.lookup import Answer
from apps.districts.models import Vintage

from .schemas import responses


def vintages_on(on: date) -> dict[str, Vintage]:
    """Return the vintages in force on a day, by layer; 404 where no boundaries are."""
    vintages = lookup.vintages_on(on)
    if not vintages:
        raise HttpError(404, f"No boundaries are in force on {on}.")
    return vintages


def vintage(row: Vintage) -> responses.Vintage:
    """Name the file that an answer comes from."""
    return responses.Vintage(
        id=row.pk, name=row.name, valid_from=row.valid_from, valid_to=row.valid_to, source=row.source
    )


def divisions(hits: Iterable[lookup.DistrictHit]) -> list[responses.Division]:
    """Name divisions."""
    return [responses.Division(id=hit.ocd_id, name=hit.name) for hit in hits]


def layers(vintages: dict[str, Vintage], found: lookup.Districts) -> dict[str, dict[str, Any]]:
    """Return what was found by layer, as plain `Layer`s; a layer in which nothing was found is there, too.

    Plain, because checking our own answer costs ten times the look-up; the tests check it against the schema.
    """
    return {
        layer: {
            "vintage": row.facts,
            "divisions": [{"id": hit.ocd_id, "name": hit.name} for hit in found.get(layer, ())],
        }
        for layer, row in vintages.items()
    }


def points_layer(batch: lookup.Batch, count: int) -> responses.PointsLayer:
    """Return one layer's answer to many points, with a table of the divisions that occur in it."""
    used, places = np.unique(batch.divisions, return_inverse=True)
    # Pairs come by point: the first of each point goes into the array, any further one beside it.
    first = np.r_[True, batch.points[1:] != batch.points[:-1]] if len(places) else np.zeros(0, bool)
    at = np.full(count, -1)
    at[batch.points[first]] = places[first]
    return responses.PointsLayer(
        vintage=vintage(batch.vintage),
        divisions=[batch.ids[number] for number in used.tolist()],
        at=[None if place < 0 else place for place in at.tolist()],
        also=list(zip(batch.points[~first].tolist(), places[~first].tolist(), strict=True)),
    )


def outcome(answer: Answer) -> responses.AddressOutcome:
    """Return what became of an address."""
    if isinstance(answer, lookup.AddressMatch):
        return responses.AddressOutcome(outcome="found", match=_match(answer))
    if isinstance(answer, lookup.Choices):
        choices = [_match(each) for each in answer.options]
        return responses.AddressOutcome(
            outcome="choices", choices=choices, question=answer.question, more_choices=answer.more
        )
    return responses.AddressOutcome(outcome="not_found", missing=answer.missing)


def _match(found: lookup.AddressMatch) -> responses.Match:
    return responses.Match(
        label=found.label,
        lon=found.lon,
        lat=found.lat,
        method=found.method,
        accuracy_metres=found.accuracy,
        exact=found.exact,
    )


def shares(found: list[lookup.Share]) -> responses.SharedLayer:
    """Return the divisions of one layer that a ZIP code touches; there is at least one."""
    return responses.SharedLayer(
        vintage=vintage(found[0].hit.vintage),
        shares_of=found[0].basis,
        divisions=[
            responses.SharedDivision(
                id=each.hit.ocd_id, name=each.hit.name, share=None if each.share is None else round(each.share, 4)
            )
            for each in found
        ],
    )
