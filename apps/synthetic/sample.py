"""Sample people from the stream of voters, for the contact files."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from apps.synthetic.people import PREREGISTERED, People, voter_id
from apps.synthetic.places import Places
from apps.synthetic.streets import Ints


@dataclass(frozen=True)
class SampledVoter:
    """A person's known details, empty text if unknown. `voter_id` is empty for people not on the roll."""

    first: str
    last: str
    middle: str = ""
    suffix: str = ""
    nickname: str = ""
    born: date | None = None
    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    company: str = ""
    note: str = ""
    voter_id: str = ""

    def replaced(self, **changes: object) -> "SampledVoter":
        """Return the same person with other details."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def name(self) -> str:
        """The whole name on one line."""
        return " ".join(part for part in (self.first, self.middle, self.last, self.suffix) if part)


class Sample:
    """Collects the people at given positions of the roll while it streams by."""

    def __init__(self, voters: int, wanted: int, rng: np.random.Generator) -> None:
        """Choose `wanted` of `voters` positions, half of them in the first fifth of the roll.

        The roll is ordered by town, Port Ansel first: friends live close together, as the demo member's do.
        """
        near = rng.choice(max(1, voters // 5), min(wanted // 2, voters // 5), replace=False)
        anywhere = rng.choice(voters, min(wanted, voters), replace=False)
        rest = anywhere[~np.isin(anywhere, near)][: wanted - len(near)]
        self._wanted: Ints = np.sort(np.concatenate([near, rest]))
        self._seen = 0
        self.people: list[SampledVoter] = []

    def watch(self, people: People, places: Places, state: str, seed: int) -> None:
        """Collect the sampled people among the next rows of the roll."""
        here = self._wanted[(self._wanted >= self._seen) & (self._wanted < self._seen + len(people))] - self._seen
        self._seen += len(people)
        cities = places.cities()
        for i in here.tolist():
            if people.status[i] != PREREGISTERED:
                self.people.append(_person(people, places, i, cities[i], state, seed))


def _person(people: People, places: Places, i: int, city: str, state: str, seed: int) -> SampledVoter:
    return SampledVoter(
        first=people.first[i],
        middle=people.middle[i],
        last=people.last[i],
        suffix=people.suffix[i],
        born=date.fromordinal(int(people.born[i])),
        street=f"{places.street[i]} {places.unit[i]}".strip(),
        city=city,
        state=state,
        zip=places.zip[i],
        phones=(people.phone[i],) if people.phone[i] else (),
        emails=(people.email[i],) if people.email[i] else (),
        voter_id=voter_id(int(people.serial[i]), seed),
    )
