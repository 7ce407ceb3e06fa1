"""The member's query: stored as encrypted JSON, converted for the matching engine. Imports no Django."""

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Final

from apps.matching import TypedPerson

# Details that a follow-up may request.
DETAILS: Final = ("suffix", "middle_name")
# The value for "no suffix"; an empty suffix means that the form did not ask for one.
NO_SUFFIX: Final = "NONE"


@dataclass(frozen=True)
class VoterQuery:
    """Hold the fields of the lookup form. `dob` is 1984, 1984-03 or 1984-03-11."""

    first_name: str
    last_name: str
    dob: str = ""
    address: str = ""
    city: str = ""
    zip: str = ""
    phone: str = ""
    middle_name: str = ""
    suffix: str = ""
    voter_number: str = ""

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
        known = {field.name: getattr(self, field.name) for field in fields(self) if field.name in TypedPerson._fields}
        return TypedPerson(**known | {"suffix": "" if self.suffix == NO_SUFFIX else self.suffix})

    @property
    def has_full_date(self) -> bool:
        """Return whether month and day are given."""
        return len(self.dob) == 10

    def with_detail(self, detail: str, value: str) -> "VoterQuery":
        """Return the query with the detail of a follow-up."""
        return replace(self, suffix=value) if detail == "suffix" else replace(self, middle_name=value)
