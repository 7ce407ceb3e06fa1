"""Words for statuses, districts and details on the pages of contacts."""

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
    """Return a district as one says it: "Congress 4", "Isel County"."""
    name = ocd_id.rpartition(":")[2].replace("_", " ")
    if layer == "county":
        return _("%(name)s County") % {"name": name.title()}
    return f"{LAYER_LABELS.get(layer, layer)} {name.upper() if len(name) < 4 else name.title()}"


def place_label(place: CountedPlace) -> str:
    """Return a place of the list or the picture as one says it; a state by its letters."""
    return (
        place.ocd_id.rpartition(":")[2].upper() if place.layer == "state" else district_label(place.layer, place.ocd_id)
    )


@dataclass(frozen=True)
class MatchDetail:
    """A line of "why": what the owner has, and whether it agreed. Never a value of the roll."""

    word: str
    given: str
    outcome: str


@dataclass(frozen=True)
class ContactRow:
    """A contact as its owner reads it."""

    contact: Contact
    person: RawContact
    place: str
    details: list[MatchDetail]
    same: str

    @property
    def name(self) -> str:
        """Return the name, or what stands for it."""
        return self.person.name or next(iter((*self.person.emails, *self.person.phones)), "")

    @property
    def first(self) -> str:
        """Return how one calls them."""
        return self.person.first or self.name

    @property
    def can_add(self) -> bool:
        """Return whether one more detail could change the answer."""
        return self.contact.status in {Status.UNCLEAR, Status.LIKELY, Status.NOT_FOUND} and not self.contact.correction

    @property
    def can_correct(self) -> bool:
        """Return whether there is an answer that its owner may know to be wrong."""
        return self.contact.status in {Status.REGISTERED, Status.LIKELY}


def contact_row(contact: Contact) -> ContactRow:
    """Return a contact with words for its page."""
    person = serialization.load_contact(contact.data)
    details = _match_details(person, set(contact.why))
    agreed = [_lowercase_label(detail.word) for detail in details if detail.outcome == "same"]
    return ContactRow(
        contact, person, _place_summary(person, contact.districts, contact.state), details, _join_labels(agreed)
    )


def _place_summary(person: RawContact, districts: Mapping[str, Any], state: str) -> str:
    place = person.places[0] if person.places else PostalPlace()
    parts = [place.city or place.zip or state]
    parts += [district_label(layer, ocd_id) for layer, ocd_id in districts.items() if layer == "cd"]
    return ", ".join(part for part in parts if part)


def _match_details(person: RawContact, why: set[str]) -> list[MatchDetail]:
    place = person.places[0] if person.places else PostalPlace()
    given = (
        (_("Name"), person.name, {"name"}),
        (_("Middle name"), person.middle, {"middle"}),
        (_("Street"), place.street, {"street"}),
        (_("City"), place.city, {"city", "place"}),
        (_("ZIP code"), place.zip, {"zip", "place"}),
        (_("Phone"), ", ".join(map(format_phone, person.phones)), {"phone"}),
        (_("Mail"), ", ".join(person.emails), {"mail"}),
        (_("Birth year"), person.birth_year, {"birth_year"}),
    )
    return [MatchDetail(word, text, "same" if why & keys else "skipped") for word, text, keys in given if text]


def _lowercase_label(word: str) -> str:
    """Return a word as it stands inside a sentence; ZIP stays ZIP."""
    return word if word[:2].isupper() else word[:1].lower() + word[1:]


def _join_labels(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
