"""Reads a member's registration, and the live rolls, for the district pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.accounts.models import User
from apps.districts import lookup
from apps.verification import services as verification
from apps.voters import rolls as voter_rolls

from .district_report import RollDivisions


@dataclass(frozen=True)
class RegisteredPlace:
    """Hold where a member is registered: the address as entered, and the divisions that the roll lists.

    `districts` is empty if the entered address does not agree with the registered one.
    """

    address: str
    districts: Mapping[str, str]
    as_of: date
    source: str

    def listed(self) -> RollDivisions:
        """Return the roll's divisions by layer, as far as boundaries are loaded."""
        hits = {layer: lookup.division(ocd_id, layer=layer) for layer, ocd_id in self.districts.items()}
        return RollDivisions({layer: [hit] for layer, hit in hits.items() if hit is not None}, self.as_of)


def registered_place(member: User) -> RegisteredPlace | None:
    """Return where the member is registered, or None."""
    registration = verification.current_registration(member)
    return place_of(registration) if registration else None


def place_of(registration: verification.Registration) -> RegisteredPlace | None:
    """Return the place of a registration; None if it was found by its number alone."""
    if not registration.query.address:
        return None
    query = registration.query
    address = ", ".join(part for part in (query.address, f"{query.city} {query.zip}".strip()) if part)
    return RegisteredPlace(address, registration.districts, registration.as_of, registration.source)


def live_rolls() -> dict[str, Any]:
    """Return the live snapshot per state."""
    return voter_rolls.live_snapshots()
