"""The member's query: stored as encrypted JSON, converted for the matching engine, hashed as a quota target."""

import json
from dataclasses import asdict, dataclass, replace

from django.conf import settings

from apps.core.crypto import keyed_hash
from apps.matching import TypedPerson
from apps.matching.normalize import names
from apps.matching.normalize.address import parse_address
from apps.matching.normalize.text import fold

# Details that a follow-up may request.
DETAILS = ("birth_date", "middle_name", "house_number")


@dataclass(frozen=True)
class VoterQuery:
    """Hold the fields of the look-up form. `dob` is 1984, 1984-03 or 1984-03-11."""

    first_name: str
    last_name: str
    dob: str = ""
    address: str = ""
    city: str = ""
    zip: str = ""
    phone: str = ""
    middle_name: str = ""

    def __repr__(self) -> str:
        return "VoterQuery(…)"

    def to_text(self) -> str:
        """Return JSON for an encrypted column."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> "VoterQuery":
        """Return the query that `to_text` encoded."""
        return cls(**json.loads(text))

    @property
    def person(self) -> TypedPerson:
        """Return the query as input of the matching engine."""
        return TypedPerson(**asdict(self))

    @property
    def has_full_date(self) -> bool:
        """Return whether month and day are given."""
        return len(self.dob) == 10

    def with_detail(self, detail: str, value: str) -> "VoterQuery":
        """Return the query with the detail of a follow-up."""
        if detail == "birth_date":
            return replace(self, dob=value)
        if detail == "house_number":
            return replace(self, address=f"{value} {self.address}".strip())
        return replace(self, middle_name=value)

    def missing_detail(self) -> str:
        """Return the missing detail that would best distinguish namesakes, or an empty string."""
        if not self.has_full_date:
            return "birth_date"
        if not self.middle_name:
            return "middle_name"
        return "house_number" if not parse_address(self.address).number else ""

    def target_hash(self) -> bytes:
        """Return the keyed hash of the person the query is about: name and house number, not the guessed birth date.

        The surname counts by sound and the first name by its initial, so that spelling variants are one target.
        """
        name = names.separate(self.first_name, "", self.last_name, "")
        place = parse_address(self.address).number.replace("-", "") or fold(self.zip) or fold(self.city)
        sound = names.sound(name.last.rpartition(" ")[2])
        return keyed_hash(settings.LOOKUP_KEY, "target", sound, name.first[:1], place)
