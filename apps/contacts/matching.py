"""Matches contacts against the voter roll and limits what the owner learns: a status, and nothing of the voter.

All disclosure rules for contacts live here and in `guesses`: the bare name decides; an address, a ZIP code with a birth
year, a phone or an email address can only raise that status, and only for a name that is exact or a nickname. Districts
are those of the place that the owner supplied, from public boundaries, never those of the voter's row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from apps.districts.place_districts import LayerDivisions, TypedPlace, divisions_of_places
from apps.matching.decide import AGAINST, Veto
from apps.matching.person import TypedPerson
from apps.matching.results import MatchResult
from apps.voters.search.base import voter_index

from . import guesses
from .dedupe import opt_out_hash, owner_hash
from .models import OptOut, Status
from .parsing.types import PostalPlace, RawContact
from .quotas import Guesser

LIKELY_MIN_SCORE: Final = 0.5
# From coarse to fine; wards, precincts and council districts are never disclosed.
SHOWN_LAYERS: Final = ("cd", "county", "sldu", "sldl")
NO_PLACE: Final = dict.fromkeys(("address", "city", "zip", "birth_year"), "")
NO_REACH: Final = dict.fromkeys(("phone", "email"), "")
# A middle name or a suffix is a detail, too: another one than the roll's would lower what the bare name gives.
NO_NAME_DETAIL: Final = dict.fromkeys(("middle_name", "suffix"), "")
RANKS: Final = {Status.NOT_FOUND: 0, Status.UNCLEAR: 1, Status.LIKELY: 2, Status.REGISTERED: 3}
MATCHED: Final = frozenset({Status.REGISTERED, Status.LIKELY})


@dataclass(frozen=True, slots=True)
class ContactMatch:
    """Hold what a contact stores of a match. `voter` is a keyed hash, so that the owner can reject that voter."""

    status: Status
    state: str = ""
    districts: Mapping[str, str] = field(default_factory=dict)
    voter: str = ""
    model_version: str = ""

    @property
    def rank(self) -> int:
        """Return the order of the status: what a detail can only raise."""
        return RANKS.get(self.status, 0)


def has_roll() -> bool:
    """Return whether any voter roll is live."""
    return bool(voter_index().states())


def query_person(contact: RawContact) -> TypedPerson:
    """Return a contact as a query of the matcher: the first US address, phone and email address."""
    place = _home_place(contact)
    return TypedPerson(
        first_name=contact.first,
        middle_name=contact.middle,
        last_name=contact.last,
        suffix=contact.suffix,
        birth_year=contact.birth_year,
        address=place.street,
        city=place.city,
        state=place.state if len(place.state) == 2 else "",
        zip=place.zip,
        phone=contact.phones[0] if contact.phones else "",
        email=contact.emails[0] if contact.emails else "",
    )


def _home_place(contact: RawContact) -> PostalPlace:
    return next((place for place in contact.places if place.is_home_country), PostalPlace())


def match_contacts(
    owner_id: int,
    people: Sequence[RawContact],
    rejected: Sequence[Sequence[str]],
    previous: Sequence[ContactMatch] = (),
) -> list[ContactMatch]:
    """Return one match per contact; `rejected` holds, per contact, the voter hashes that the owner ruled out.

    `previous` holds the earlier matches of contacts that are checked again. While the voter is on the roll under that
    name, the status does not go down, so that no re-check tells that a voter has moved.
    """
    if not people:
        return []
    matches = _matches(Guesser(owner_id), [query_person(person) for person in people], rejected, previous)
    for at in _opted_out([(person.emails, person.phones) for person in people]):
        matches[at] = _not_found(matches[at])
    states = voter_index().states()
    return _with_places(people, matches, states[0] if len(states) == 1 else "")


def statuses_of_people(guesser: Guesser, people: Sequence[TypedPerson]) -> list[Status]:
    """Return the status of each person of a partner's list of contacts, by the rules and limits of contacts."""
    matches = _matches(guesser, people, [[] for _person in people])
    for at in _opted_out([([person.email], [person.phone]) for person in people]):
        matches[at] = _not_found(matches[at])
    return [match.status for match in matches]


def _not_found(match: ContactMatch) -> ContactMatch:
    return match if match.status == Status.NO_ROLL else ContactMatch(Status.NOT_FOUND)


def _matches(
    guesser: Guesser,
    queries: Sequence[TypedPerson],
    rejected: Sequence[Sequence[str]],
    previous: Sequence[ContactMatch] = (),
) -> list[ContactMatch]:
    """Return the answers; a query of a state without a roll has none. A roll without a state covers every query."""
    states = set(voter_index().states())
    covered = [at for at, one in enumerate(queries) if states and (not one.state or {one.state, ""} & states)]
    earlier = [previous[at] for at in covered] if previous else []
    answers = _answers(guesser, [queries[at] for at in covered], [rejected[at] for at in covered], earlier)
    matches = [ContactMatch(Status.NO_ROLL) for _query in queries]
    for at, answer in zip(covered, answers, strict=True):
        matches[at] = answer
    return matches


def _answers(
    guesser: Guesser,
    queries: Sequence[TypedPerson],
    rejected: Sequence[Sequence[str]],
    previous: Sequence[ContactMatch],
) -> list[ContactMatch]:
    """Return the answers of first and last names, raised by the other details that may count.

    First by middle name, suffix, phone and email address, then by a place and a birth year.
    """
    if not queries:
        return []
    bare_queries = [query._replace(**NO_PLACE, **NO_REACH, **NO_NAME_DETAIL) for query in queries]
    bare = _results(bare_queries)
    answers = [_match(guesser.id, result, ruled_out) for result, ruled_out in zip(bare, rejected, strict=True)]

    def raise_where_right(trial: type[guesses.Trial], positions: Sequence[int], richer: Sequence[TypedPerson]) -> None:
        results = _results([richer[at] for at in positions])
        trials = [
            trial(richer[at], bare[at].candidates, result.candidates)
            for at, result in zip(positions, results, strict=True)
        ]
        for at, result, is_right in zip(positions, results, guesses.spend(guesser, trials), strict=True):
            if is_right and result.candidates and guesses.has_exact_name(result.candidates[0]):
                answers[at] = max(answers[at], _match(guesser.id, result, rejected[at]), key=lambda one: one.rank)

    reach_queries = [query._replace(**NO_PLACE) for query in queries]
    reachable = _raisable(answers, reach_queries, bare_queries)
    raise_where_right(guesses.ReachTrial, reachable, reach_queries)
    placed = [at for at in _raisable(answers, queries, reach_queries) if guesses.may_raise(queries[at])]
    raise_where_right(guesses.Trial, placed, queries)
    for at, earlier in enumerate(previous):
        if earlier.rank > answers[at].rank and _has_voter(guesser.id, bare[at], earlier.voter):
            answers[at] = earlier
    return answers


def _has_voter(owner_id: int, result: MatchResult, voter: str) -> bool:
    """Return whether a voter, given as the owner's hash, is still a candidate of the bare name."""
    return any(voter == voter_hash(owner_id, one.state, one.voter_id) for one in result.candidates)


def _results(queries: Sequence[TypedPerson]) -> list[MatchResult]:
    return list(voter_index().match_many(queries, kind="contact")) if queries else []


def _raisable(
    answers: Sequence[ContactMatch], queries: Sequence[TypedPerson], poorer: Sequence[TypedPerson]
) -> list[int]:
    """Return the positions that are not registered yet and whose query has more details than the poorer one."""
    return [
        at
        for at, (answer, query) in enumerate(zip(answers, queries, strict=True))
        if answer.status != Status.REGISTERED and query != poorer[at]
    ]


def voter_hash(owner_id: int, state: str, voter_id: str) -> str:
    """Return the stored hash of a matched voter: useless without the key, and different for every owner."""
    return owner_hash(owner_id, "voter", state, voter_id).hex()


def _match(owner_id: int, result: MatchResult, rejected: Sequence[str]) -> ContactMatch:
    status = match_status(result)
    if status == Status.NOT_FOUND:
        return ContactMatch(status)
    best = result.candidates[0]
    voter = voter_hash(owner_id, best.state, best.voter_id)
    if voter in rejected:
        return ContactMatch(Status.NOT_FOUND)
    return ContactMatch(status, voter=voter, model_version=result.model_version)


def match_status(result: MatchResult) -> Status:
    """Return the status of a match result: registered if verified, likely for one clear candidate."""
    if not result.candidates:
        return Status.NOT_FOUND
    if result.status == "verified":
        return Status.REGISTERED
    if result.status == "none" or result.candidates[0].veto & AGAINST:
        return Status.NOT_FOUND
    best = result.candidates[0]
    is_clear = best.score >= LIKELY_MIN_SCORE and not best.veto & Veto.CLOSE_CANDIDATES
    return Status.LIKELY if is_clear else Status.UNCLEAR


def _opted_out(reaches: Iterable[tuple[Iterable[str], Iterable[str]]]) -> list[int]:
    """Return the positions of people who asked to be taken off, by email addresses and phones; blank ones are none."""
    hashes = [
        {opt_out_hash("mail", email) for email in emails if email}
        | {opt_out_hash("phone", phone) for phone in phones if phone}
        for emails, phones in reaches
    ]
    stored = OptOut.objects.filter(hash__in=set().union(*hashes)).values_list("hash", flat=True)
    found = {bytes(value) for value in stored}
    return [at for at, own in enumerate(hashes) if own & found]


def _with_places(people: Sequence[RawContact], matches: Sequence[ContactMatch], only_state: str) -> list[ContactMatch]:
    """Add state and districts of the owner's places to matched contacts; without a place, the only roll's state."""
    places = [_home_place(person) for person in people]
    shown = [at for at, match in enumerate(matches) if match.status in MATCHED]
    found = divisions_of_places([TypedPlace(*places[at][:4]) for at in shown]) if shown else []
    placed = list(matches)
    for at, layers in zip(shown, found, strict=True):
        districts = {layer: layers[layer][0] for layer in SHOWN_LAYERS if len(layers.get(layer, ())) == 1}
        state = places[at].state if len(places[at].state) == 2 else _state_of(layers)
        placed[at] = ContactMatch(
            matches[at].status, state or only_state, districts, matches[at].voter, matches[at].model_version
        )
    return placed


def _state_of(layers: LayerDivisions) -> str:
    """Return the two-letter code of the state that all divisions lie in, or an empty string."""
    parts = {ocd_id.split("/")[2] for ids in layers.values() for ocd_id in ids if ocd_id.count("/") > 1}
    return parts.pop().rpartition(":")[2].upper() if len(parts) == 1 else ""
