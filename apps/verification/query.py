"""What a member typed: as stored (encrypted JSON), as the engine takes it, and as a target of budgets."""

import json
from dataclasses import asdict, dataclass, replace

from django.conf import settings

from apps.core.crypto import keyed_hash
from apps.matching import TypedPerson
from apps.matching.normalize import names
from apps.matching.normalize.address import parse_address
from apps.matching.normalize.text import fold

# The details that a follow-up may ask for, and the field of the form each fills.
DETAILS = ("birth_date", "middle_name", "house_number")


@dataclass(frozen=True)
class Typed:
    """The fields of the form. `dob` is 1984, 1984-03 or 1984-03-11."""

    first_name: str
    last_name: str
    dob: str = ""
    address: str = ""
    city: str = ""
    zip: str = ""
    phone: str = ""
    middle_name: str = ""

    def __repr__(self) -> str:
        return "Typed(…)"

    def to_text(self) -> str:
        """Return what the encrypted column holds."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> "Typed":
        """Read it back."""
        return cls(**json.loads(text))

    @property
    def person(self) -> TypedPerson:
        """The same as the matching engine takes it."""
        return TypedPerson(**asdict(self))

    @property
    def full_date(self) -> bool:
        """Whether month and day were given."""
        return len(self.dob) == 10

    def with_detail(self, detail: str, value: str) -> "Typed":
        """Return what was typed with the detail of a follow-up."""
        if detail == "birth_date":
            return replace(self, dob=value)
        if detail == "house_number":
            return replace(self, address=f"{value} {self.address}".strip())
        return replace(self, middle_name=value)

    def lacks(self) -> str:
        """Return the detail that would tell namesakes apart best."""
        if not self.full_date:
            return "birth_date"
        if not self.middle_name:
            return "middle_name"
        return "house_number" if not parse_address(self.address).number else ""

    def target(self) -> bytes:
        """Return the keyed hash of whom this asks for: name and house number, not the guessed birth date.

        The surname counts as it sounds and the first name by its letter, so that spellings are one target.
        """
        name = names.separate(self.first_name, "", self.last_name, "")
        where = parse_address(self.address).number.replace("-", "") or fold(self.zip) or fold(self.city)
        sound = names.sound(name.last.rpartition(" ")[2])
        return keyed_hash(settings.LOOKUP_KEY, "target", sound, name.first[:1], where)
