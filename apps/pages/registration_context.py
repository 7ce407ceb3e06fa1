"""What the district pages take from a member's registration, and from the rolls, where there is one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.districts import lookup
from apps.verification import services as verification
from apps.voters import rolls as voter_rolls

from .district_report import Listed


@dataclass(frozen=True)
class RegisteredPlace:
    """Where a member is registered: the address as the member typed it, and the divisions that the roll lists.

    `districts` is empty where the typed place does not agree with the registered one.
    """

    address: str
    districts: Mapping[str, str]
    as_of: date
    source: str

    def listed(self) -> Listed:
        """Return the roll's divisions by layer, those that our boundary files know."""
        found = {layer: lookup.division(ocd_id, layer=layer) for layer, ocd_id in self.districts.items()}
        return Listed({layer: [hit] for layer, hit in found.items() if hit is not None}, self.as_of)


def place_of(member: Any) -> RegisteredPlace | None:
    """Return where the member is registered, or None."""
    registration = verification.current(member)
    if registration is None or not registration.typed.address:
        return None
    typed = registration.typed
    address = ", ".join(part for part in (typed.address, f"{typed.city} {typed.zip}".strip()) if part)
    return RegisteredPlace(address, registration.districts, registration.as_of, registration.source)


def rolls() -> dict[str, Any]:
    """Return the live roll of each state."""
    return voter_rolls.live_snapshots()
