"""Matches contacts against the voter roll and limits what the owner learns: status, state, districts, agreeing fields.

All disclosure rules of docs/privacy for contacts live here and nowhere else: a candidate with contradicting evidence
reads as "not found", a district requires an agreeing street or ZIP code supplied by the owner, and a combination of
districts that fewer than 5,000 voters share is generalized until enough do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from apps.matching.decide import AGAINST, Veto
from apps.matching.explain import AGREES
from apps.matching.fields import FIELDS, level_name
from apps.matching.person import TypedPerson
from apps.matching.results import MatchResult
from apps.voters import k_anonymity, rolls
from apps.voters.models import Snapshot
from apps.voters.search.base import voter_index

from . import quotas
from .dedupe import owner_hash
from .models import Status
from .parsing.types import PostalPlace, RawContact

LIKELY_MIN_SCORE = 0.5
MIN_DISTRICT_VOTERS = 5_000
# From coarse to fine; wards, precincts and council districts are never disclosed.
SHOWN_LAYERS = ("cd", "county", "sldu", "sldl")
# Levels of the place comparison at which street and house number agree.
STREET_LEVELS = {"door", "door_other_place"}
PLACE_LEVELS = {"door", "zip", "place_zip"}
PLACE_FIELD_NAMES = {
    "door": ("street", "place"),
    "door_other_place": ("street",),
    "street": ("street",),
    "zip": ("zip",),
    "place_zip": ("zip",),
    "city": ("city",),
    "place_city": ("city",),
    "town": ("city",),
}
FIELD_NAMES = {
    "first": "name",
    "last": "name",
    "middle": "middle",
    "dob": "birth_year",
    "phone": "phone",
    "email": "mail",
}


@dataclass(frozen=True, slots=True)
class ContactMatch:
    """Hold what a contact stores of a match. `voter` is a keyed hash, so that the owner can reject that voter."""

    status: str
    state: str = ""
    districts: Mapping[str, str] = field(default_factory=dict)
    agreeing_fields: tuple[str, ...] = ()
    voter: str = ""
    snapshot_id: int | None = None
    model_version: str = ""


def has_roll() -> bool:
    """Return whether any voter roll is live."""
    return bool(voter_index().states())


def query_person(contact: RawContact) -> TypedPerson:
    """Return a contact as a query of the matcher: the first US address, phone and email address."""
    place = next((place for place in contact.places if place.is_home_country), PostalPlace())
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


def match_contacts(
    owner_id: int, people: Sequence[RawContact], rejected: Sequence[Sequence[str]]
) -> list[ContactMatch]:
    """Return one match per contact; `rejected` holds, per contact, the voter hashes that the owner ruled out."""
    if not people:
        return []
    snapshots, states = rolls.live_snapshots(), set(voter_index().states())
    queries = [query_person(person) for person in people]
    # A roll without a state covers every query.
    is_covered = [bool(states) and (not query.state or query.state in states or "" in states) for query in queries]
    covered = [index for index, covered_here in enumerate(is_covered) if covered_here]
    results = iter(
        _match_results(owner_id, [people[index] for index in covered], [queries[index] for index in covered])
    )
    return [
        _disclosed_match(owner_id, next(results), rejected_here, snapshots)
        if covered_here
        else ContactMatch(Status.NO_ROLL)
        for covered_here, rejected_here in zip(is_covered, rejected, strict=True)
    ]


def _match_results(owner_id: int, people: Sequence[RawContact], queries: Sequence[TypedPerson]) -> list[MatchResult]:
    """Query the roll; a place counts only where the bare name does not already decide.

    A contact who would be registered by name alone gets the answer of the bare name, unless a street, phone or birth
    year agrees and shows that the owner knows the person: otherwise trying ZIP codes would reveal the right one.
    Namesakes need the place; each name may try one place a week, and others get the answer of the bare name.
    """
    if not queries:
        return []
    results = list(voter_index().match_many(queries, kind="contact"))
    guessing = [
        index for index, query in enumerate(queries) if has_place(query) and not _has_verifying_detail(results[index])
    ]
    bare = [queries[index]._replace(address="", city="", zip="") for index in guessing]
    bare_results = dict(zip(guessing, voter_index().match_many(bare, kind="contact") if bare else (), strict=True))
    namesakes = [index for index, result in bare_results.items() if match_status(result) != Status.REGISTERED]
    allowed_guesses = quotas.spend_place_guesses(owner_id=owner_id, contacts=[people[index] for index in namesakes])
    may_try = {index for index, allowed in zip(namesakes, allowed_guesses, strict=True) if allowed}
    return [result if index in may_try else bare_results.get(index, result) for index, result in enumerate(results)]


def has_place(query: TypedPerson) -> bool:
    """Return whether a query names a street, city or ZIP code."""
    return bool(query.address or query.zip or query.city)


def _has_verifying_detail(result: MatchResult) -> bool:
    """Return whether a detail agrees that guessing rarely hits: street, phone or birth year."""
    if not result.candidates:
        return False
    levels = {name: level_name(name, level) for name, level in zip(FIELDS, result.candidates[0].levels, strict=True)}
    return levels["where"] in STREET_LEVELS or any(levels[name] in AGREES[name] for name in ("phone", "dob"))


def voter_hash(owner_id: int, state: str, voter_id: str) -> str:
    """Return the stored hash of a matched voter: useless without the key, and different for every owner."""
    return owner_hash(owner_id, "voter", state, voter_id).hex()


def _disclosed_match(
    owner_id: int, result: MatchResult, rejected: Sequence[str], snapshots: Mapping[str, Snapshot]
) -> ContactMatch:
    status = match_status(result)
    if not result.candidates:
        return ContactMatch(status)
    best = result.candidates[0]
    voter = voter_hash(owner_id, best.state, best.voter_id)
    if voter in rejected:
        return ContactMatch(Status.NOT_FOUND)
    if status not in {Status.REGISTERED, Status.LIKELY}:
        return ContactMatch(status, voter=voter if status == Status.UNCLEAR else "")
    snapshot = snapshots.get(best.state)
    levels = {name: level_name(name, level) for name, level in zip(FIELDS, best.levels, strict=True)}
    return ContactMatch(
        status=status,
        state=best.state,
        districts=_disclosed_districts(snapshot, best.voter_id) if snapshot and levels["where"] in PLACE_LEVELS else {},
        agreeing_fields=_agreeing_fields(levels),
        voter=voter,
        snapshot_id=snapshot.pk if snapshot else None,
        model_version=result.model_version,
    )


def match_status(result: MatchResult) -> str:
    """Return the status of a match result: registered if verified, likely for one clear candidate."""
    if result.status == "verified":
        return Status.REGISTERED
    if result.status == "none" or not result.candidates or result.candidates[0].veto & AGAINST:
        return Status.NOT_FOUND
    best = result.candidates[0]
    is_clear = best.score >= LIKELY_MIN_SCORE and not best.veto & Veto.CLOSE_CANDIDATES
    return Status.LIKELY if is_clear else Status.UNCLEAR


def _agreeing_fields(levels: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of agreeing fields; a first name counts only together with its surname."""
    agreed = {name for name, level in levels.items() if level in AGREES[name]}
    words = [FIELD_NAMES[name] for name in ("first", "middle", "dob", "phone", "email") if name in agreed]
    if not {"first", "last"} <= agreed:
        words = [word for word in words if word != "name"]
    return (*words, *PLACE_FIELD_NAMES.get(levels["where"], ()))


def _disclosed_districts(snapshot: Snapshot, voter_id: str) -> dict[str, str]:
    row = rolls.get_voter_in_snapshot(snapshot, voter_id)
    if row is None:
        return {}
    disclosed: dict[str, str] = {}
    for layer in SHOWN_LAYERS:
        candidate = {**disclosed, layer: row.districts.get(layer, "")}
        if candidate[layer] and k_anonymity.count_voters_in_snapshot(snapshot, candidate) >= MIN_DISTRICT_VOTERS:
            disclosed = candidate
    return disclosed
