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
from apps.contacts.parsing.cleaning import format_phone

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
class MatchDetail:
    """Describe a detail that the owner supplied and whether it agreed. Never holds a value of the roll."""

    word: str
    given: str
    outcome: str


@dataclass(frozen=True)
class ContactRow:
    """Hold a contact prepared for display to its owner."""

    contact: Contact
    person: RawContact
    place: str
    details: list[MatchDetail]
    same: str

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
    details = _match_details(person, set(contact.agreeing_fields))
    agreed = [_lowercase_label(detail.word) for detail in details if detail.outcome == "same"]
    return ContactRow(
        contact, person, _place_summary(person, contact.districts, contact.state), details, _join_labels(agreed)
    )


def _place_summary(person: RawContact, districts: Mapping[str, Any], state: str) -> str:
    place = person.places[0] if person.places else PostalPlace()
    parts = [place.city or place.zip or state]
    parts += [district_label(layer, ocd_id) for layer, ocd_id in districts.items() if layer == "cd"]
    return ", ".join(part for part in parts if part)


def _match_details(person: RawContact, agreeing: set[str]) -> list[MatchDetail]:
    place = person.places[0] if person.places else PostalPlace()
    given = (
        (_("Name"), person.name, {"name"}),
        (_("Middle name"), person.middle, {"middle"}),
        (_("Street"), place.street, {"street"}),
        (_("City"), place.city, {"city", "place"}),
        (_("ZIP code"), place.zip, {"zip", "place"}),
        (_("Phone"), ", ".join(map(format_phone, person.phones)), {"phone"}),
        (_("Email"), ", ".join(person.emails), {"mail"}),
        (_("Birth year"), person.birth_year, {"birth_year"}),
    )
    return [MatchDetail(word, text, "same" if agreeing & keys else "skipped") for word, text, keys in given if text]


def _lowercase_label(word: str) -> str:
    """Return a label as it stands within a sentence; "ZIP" keeps its capitals."""
    return word if word[:2].isupper() else word[:1].lower() + word[1:]


def _join_labels(labels: list[str]) -> str:
    if len(labels) < 2:
        return "".join(labels)
    return _("%(first)s and %(last)s") % {"first": ", ".join(labels[:-1]), "last": labels[-1]}
