"""From the roll's answers to what an owner may see: a status, the state, districts of a place they supplied, why.

Everything that could tell more than design.md allows is decided here and nowhere else: a candidate that something
speaks against reads as "not found", a district needs an agreeing street or ZIP of the owner's own, and a
combination of districts that fewer than 5,000 voters share is made coarser until enough do.
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

from .dedupe import hashed
from .models import Status
from .parsing.types import PostalPlace, RawContact
from .services import quotas

LIKELY_FROM = 0.5
SMALLEST_CROWD = 5_000
# From coarse to fine; nothing finer is ever shown of a contact (no precinct, ward or council).
SHOWN_LAYERS = ("cd", "county", "sldu", "sldl")
# A street with its number agrees.
STREETS = {"door", "door_other_place"}
PLACE_LEVELS = {"door", "zip", "place_zip"}
WHERE_WORDS = {
    "door": ("street", "place"),
    "door_other_place": ("street",),
    "street": ("street",),
    "zip": ("zip",),
    "place_zip": ("zip",),
    "city": ("city",),
    "place_city": ("city",),
    "town": ("city",),
}
WORDS = {
    "first": "name",
    "last": "name",
    "middle": "middle",
    "dob": "birth_year",
    "phone": "phone",
    "email": "mail",
}


@dataclass(frozen=True, slots=True)
class ContactMatch:
    """What a contact's row keeps of an answer. `voter` is a keyed hash, so that a refusal can be remembered."""

    status: str
    state: str = ""
    districts: Mapping[str, str] = field(default_factory=dict)
    why: tuple[str, ...] = ()
    voter: str = ""
    snapshot_id: int | None = None
    model_version: str = ""


def has_roll() -> bool:
    """Return whether any state's roll is live."""
    return bool(voter_index().states())


def asked(contact: RawContact) -> TypedPerson:
    """Return a contact as the matcher reads it: the first home address, phone and mail."""
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


def look_up(owner_id: int, people: Sequence[RawContact], refused: Sequence[Sequence[str]]) -> list[ContactMatch]:
    """Return what may be told of each person; `refused` are the voters that the owner said it is not."""
    if not people:
        return []
    snapshots, states = rolls.live_snapshots(), set(voter_index().states())
    questions = [asked(person) for person in people]
    # A roll without a state is searched for everybody.
    somewhere = [bool(states) and (not one.state or one.state in states or "" in states) for one in questions]
    going = [at for at, known in enumerate(somewhere) if known]
    answers = iter(_answers(owner_id, [people[at] for at in going], [questions[at] for at in going]))
    return [
        _told(owner_id, next(answers), no, snapshots) if known else ContactMatch(Status.NO_ROLL)
        for known, no in zip(somewhere, refused, strict=True)
    ]


def _answers(owner_id: int, people: Sequence[RawContact], questions: Sequence[TypedPerson]) -> list[MatchResult]:
    """Ask the roll. A place of which no street agrees could be anybody's guess, so that it counts only where it has to.

    Who would be registered by the name alone is answered by the name alone, whatever the place says, unless a phone
    or a birth year that agrees shows that the owner knows them: else trying ZIP codes would tell which is right.
    Namesakes need the place; of each the owner may try one a week, and another one is not looked at.
    """
    if not questions:
        return []
    answers = list(voter_index().match_many(questions, kind="contact"))
    guessed = [at for at, one in enumerate(questions) if names_a_place(one) and not _proves_acquaintance(answers[at])]
    bare = [questions[at]._replace(address="", city="", zip="") for at in guessed]
    plain = dict(zip(guessed, voter_index().match_many(bare, kind="contact") if bare else (), strict=True))
    namesakes = [at for at, answer in plain.items() if status_of(answer) != Status.REGISTERED]
    may = quotas.may_guess(owner_id=owner_id, contacts=[people[at] for at in namesakes])
    tried = {at for at, allowed in zip(namesakes, may, strict=True) if allowed}
    return [answer if at in tried else plain.get(at, answer) for at, answer in enumerate(answers)]


def names_a_place(question: TypedPerson) -> bool:
    """Return whether a question names more of a place than its state."""
    return bool(question.address or question.zip or question.city)


def _proves_acquaintance(answer: MatchResult) -> bool:
    """Return whether something agrees that nobody finds by trying: a street, a phone, a birth year."""
    if not answer.candidates:
        return False
    levels = {name: level_name(name, level) for name, level in zip(FIELDS, answer.candidates[0].levels, strict=True)}
    return levels["where"] in STREETS or any(levels[name] in AGREES[name] for name in ("phone", "dob"))


def voter_hash(owner_id: int, state: str, voter_id: str) -> str:
    """Return what is kept of which voter answered: useless without the key, and to any other owner."""
    return hashed(owner_id, "voter", state, voter_id).hex()


def _told(
    owner_id: int, answer: MatchResult, refused: Sequence[str], snapshots: Mapping[str, Snapshot]
) -> ContactMatch:
    status = status_of(answer)
    if not answer.candidates:
        return ContactMatch(status)
    best = answer.candidates[0]
    voter = voter_hash(owner_id, best.state, best.voter_id)
    if voter in refused:
        return ContactMatch(Status.NOT_FOUND)
    if status not in {Status.REGISTERED, Status.LIKELY}:
        return ContactMatch(status, voter=voter if status == Status.UNCLEAR else "")
    snapshot = snapshots.get(best.state)
    levels = {name: level_name(name, level) for name, level in zip(FIELDS, best.levels, strict=True)}
    return ContactMatch(
        status=status,
        state=best.state,
        districts=_districts(snapshot, best.voter_id) if snapshot and levels["where"] in PLACE_LEVELS else {},
        why=_agreed(levels),
        voter=voter,
        snapshot_id=snapshot.pk if snapshot else None,
        model_version=answer.model_version,
    )


def status_of(answer: MatchResult) -> str:
    """Return the word for an answer: registered only for verified, likely for one clear candidate."""
    if answer.status == "verified":
        return Status.REGISTERED
    if answer.status == "none" or not answer.candidates or answer.candidates[0].veto & AGAINST:
        return Status.NOT_FOUND
    best = answer.candidates[0]
    clear = best.score >= LIKELY_FROM and not best.veto & Veto.CLOSE_CANDIDATES
    return Status.LIKELY if clear else Status.UNCLEAR


def _agreed(levels: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of what agreed; a first name without its surname is no "name"."""
    agreed = {name for name, level in levels.items() if level in AGREES[name]}
    words = [WORDS[name] for name in ("first", "middle", "dob", "phone", "email") if name in agreed]
    if not {"first", "last"} <= agreed:
        words = [word for word in words if word != "name"]
    return (*words, *WHERE_WORDS.get(levels["where"], ()))


def _districts(snapshot: Snapshot, voter_id: str) -> dict[str, str]:
    row = rolls.get_voter_in_snapshot(snapshot, voter_id)
    if row is None:
        return {}
    shown: dict[str, str] = {}
    for layer in SHOWN_LAYERS:
        finer = {**shown, layer: row.districts.get(layer, "")}
        if finer[layer] and k_anonymity.count_voters_in_snapshot(snapshot, finer) >= SMALLEST_CROWD:
            shown = finer
    return shown
