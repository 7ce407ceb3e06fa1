"""Labels of statuses, districts and details on the pages of contacts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.contacts import serialization
from apps.contacts.facets import PlaceCount as CountedPlace
from apps.contacts.models import Contact, Status
from apps.contacts.parsing import PostalPlace, RawContact
from apps.contacts.parsing.phones import format_phone

STATUS_ORDER = (
    Status.REGISTERED,
    Status.LIKELY,
    Status.UNCLEAR,
    Status.NOT_FOUND,
    Status.NO_ROLL,
    Status.WAITING,
)
LAYER_LABELS = {
    "cd": gettext_lazy("Congress"),
    "sldu": gettext_lazy("State senate"),
    "sldl": gettext_lazy("State house"),
    "county": gettext_lazy("County"),
}


def district_label(layer: str, ocd_id: str) -> str:
    """Return the display name of a district: "Congress 4", "Isel County"."""
    name = ocd_id.rpartition(":")[2].replace("_", " ")
    if layer == "county":
        return _("%(name)s County") % {"name": name.title()}
    return f"{LAYER_LABELS.get(layer, layer)} {name.upper() if len(name) < 4 else name.title()}"


def place_label(place: CountedPlace) -> str:
    """Return the display name of a counted division; states by their letters."""
    return (
        place.ocd_id.rpartition(":")[2].upper() if place.layer == "state" else district_label(place.layer, place.ocd_id)
    )


@dataclass(frozen=True)
class ContactRow:
    """Hold a contact prepared for display to its owner."""

    contact: Contact
    person: RawContact
    place: str
    details: list[tuple[str, str]]

    @property
    def name(self) -> str:
        """Return the name, or an email address or phone in its place."""
        return self.person.name or next(iter((*self.person.emails, *self.person.phones)), "")

    @property
    def first(self) -> str:
        """Return the first name, or the display name."""
        return self.person.first or self.name

    @property
    def can_add(self) -> bool:
        """Return whether an added detail may change the status."""
        return self.contact.status in {Status.UNCLEAR, Status.LIKELY, Status.NOT_FOUND} and not self.contact.correction

    @property
    def can_correct(self) -> bool:
        """Return whether there is a match that the owner may know to be wrong."""
        return self.contact.status in {Status.REGISTERED, Status.LIKELY}


def contact_row(contact: Contact) -> ContactRow:
    """Return a contact prepared for display."""
    person = serialization.load_contact(contact.data)
    place = _place_summary(person, contact.districts, contact.state)
    return ContactRow(contact, person, place, _given_details(person))


def _place_summary(person: RawContact, districts: Mapping[str, Any], state: str) -> str:
    place = person.places[0] if person.places else PostalPlace()
    parts = [place.city or place.zip or state]
    parts += [district_label(layer, ocd_id) for layer, ocd_id in districts.items() if layer == "cd"]
    return ", ".join(part for part in parts if part)


def _given_details(person: RawContact) -> list[tuple[str, str]]:
    """Return what the owner supplied, as pairs of label and text."""
    place = person.places[0] if person.places else PostalPlace()
    given = (
        (_("Name"), person.name),
        (_("Street"), place.street),
        (_("City"), place.city),
        (_("ZIP code"), place.zip),
        (_("Phone"), ", ".join(map(format_phone, person.phones))),
        (_("Email"), ", ".join(person.emails)),
        (_("Birth year"), person.birth_year),
    )
    return [(label, text) for label, text in given if text]
