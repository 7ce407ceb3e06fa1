"""The answers of the six methods, as plain dicts of the contract's shapes."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from apps.districts import lookup, ocd_list
from apps.districts.sources.layers import COUNTRY
from apps.officials.elections import upcoming_elections
from apps.officials.models import Election
from apps.officials.representation import Seat, represents, seats_in, within

from .division_names import division_of, name_of
from .errors import CivicError, nothing_there
from .offices import VACANT, drawn, office_name
from .params import Asked
from .place_lookup import QueriedPlace, place_of

MOST_DIVISIONS: Final = 5_000
MOST_RESULTS: Final = 100


def representatives_of_address(asked: Asked) -> dict[str, Any]:
    """RepresentativeInfoResponse: everybody who represents an address."""
    place = place_of(asked.address)
    ids = within(place.ids)
    with_offices = asked.truth("includeOffices", True)
    seats = represents(ids) if with_offices or asked.levels or asked.roles else []
    return {
        "kind": "civicinfo#representativeInfoResponse",
        "normalizedInput": place.normalized,
        **_represented(ids, seats, asked, with_offices),
    }


def representatives_of_division(asked: Asked, ocd_id: str) -> dict[str, Any]:
    """RepresentativeInfoData: everybody who represents a division; with `recursive`, all that lies inside it too."""
    recursive = asked.truth("recursive", False)
    inside = sorted(_inside(ocd_id)) if recursive else []
    # What contains a district has to be asked, too, to tell an empty seat from an unknown one.
    seats = seats_in(ocd_id, inside) if recursive else [s for s in represents([ocd_id]) if s.office.division == ocd_id]
    if not _known(ocd_id, seats):
        raise nothing_there()
    ids = list(dict.fromkeys([ocd_id, *inside, *(seat.office.division for seat in seats)]))
    if len(ids) > MOST_DIVISIONS and not (asked.levels or asked.roles):
        raise _too_many()
    answer = _represented(ids, seats, asked, with_offices=True)
    if len(answer["divisions"]) > MOST_DIVISIONS:
        raise _too_many()
    return answer


def _too_many() -> CivicError:
    return CivicError(403, "limitExceeded", "Too many OCD IDs retrieved")


def _known(ocd_id: str, seats: list[Seat]) -> bool:
    return bool(
        any(seat.office.pk for seat in seats)
        or lookup.division(ocd_id)
        or ocd_list.divisions().get(ocd_id)
        or ocd_id == COUNTRY
    )


def _inside(ocd_id: str) -> Iterator[str]:
    before = f"{ocd_id}/"
    return (each for each, _name in lookup.divisions_in_force() if each.startswith(before))


def _represented(ids: Iterable[str], seats: list[Seat], asked: Asked, with_offices: bool) -> dict[str, Any]:
    """Divisions, offices and officials that point at each other by their places in the lists."""
    levels, roles = asked.levels, asked.roles
    kept = [
        (seat, made)
        for seat in seats
        for made in [drawn(seat)]
        if (not levels or levels & made.levels) and (not roles or roles & made.roles)
    ]
    chosen = {seat.office.division for seat, _made in kept} if levels or roles else None
    divisions = {each: division_of(each) for each in ids if chosen is None or each in chosen}
    if not with_offices:
        return {"divisions": divisions}
    offices: list[dict[str, Any]] = []
    officials: list[dict[str, Any]] = []
    places: dict[int, int] = {}
    for seat, made in kept:
        indices = []
        for number, official in made.officials:
            if number not in places:
                places[number] = len(officials)
                officials.append(official)
            indices.append(places[number])
        for _empty in range(seat.vacant):
            # Programs take the first holder of an office without asking whether there is one.
            indices.append(len(officials))
            officials.append(VACANT)
        if seat.office.division in divisions:
            divisions[seat.office.division].setdefault("officeIndices", []).append(len(offices))
        offices.append({"name": office_name(seat), "officialIndices": indices, **made.office})
    return {"divisions": divisions, "offices": offices, "officials": officials}


def divisions_of_address(asked: Asked) -> dict[str, Any]:
    """DivisionByAddressResponse: the divisions of an address, without anybody."""
    place = place_of(asked.address)
    return {
        "normalizedInput": place.normalized,
        "divisions": {each: division_of(each) for each in within(place.ids)},
    }


def divisions_found(asked: Asked) -> dict[str, Any]:
    """DivisionSearchResponse: divisions that have every word of the query in their id or name; `-word` leaves out."""
    words = [word.strip('"*+()').lower() for word in asked.words.split()]
    words = [word for word in words if word not in {"", "and"}]
    wanted, unwanted = [word for word in words if word[0] != "-"], [word[1:] for word in words if word[0] == "-"]
    found = dict(ocd_list.divisions().search(wanted, MOST_RESULTS * 10))
    for ocd_id, name in lookup.divisions_in_force():
        text = f"{ocd_id} {name}".lower()
        if wanted and all(word in text for word in wanted):
            found.setdefault(ocd_id, name)
    kept = [
        ocd_id
        for ocd_id, name in found.items()
        if not any(word and word in f"{ocd_id} {name}".lower() for word in unwanted)
    ]
    results = [_result(ocd_id, found[ocd_id]) for ocd_id in sorted(kept, key=lambda each: (len(each), each))]
    return {"kind": "civicinfo#divisionSearchResponse", "results": results[:MOST_RESULTS]}


def _result(ocd_id: str, name: str) -> dict[str, Any]:
    known = ocd_list.divisions().get(ocd_id)
    aliases = {"aliases": list(known.aliases)} if known and known.aliases else {}
    return {"ocdId": ocd_id, "name": name or name_of(ocd_id), **aliases}


def elections_coming(_asked: Asked) -> dict[str, Any]:
    """ElectionsQueryResponse: every coming election that is loaded."""
    coming = Election.objects.from_day(lookup.today())
    return {"kind": "civicinfo#electionsQueryResponse", "elections": [_election(each) for each in coming]}


def _election(row: Election) -> dict[str, str]:
    return {
        "id": str(row.pk),
        "name": row.name,
        "electionDay": row.date.isoformat(),
        "ocdDivisionId": row.division,
    }


def voter_info(asked: Asked) -> dict[str, Any]:
    """VoterInfoResponse: of an address its elections, its state and county, its precinct. No polling places."""
    place = place_of(asked.address)
    coming = upcoming_elections(place.ids)
    chosen = _chosen(asked, coming)
    answer: dict[str, Any] = {"kind": "civicinfo#voterInfoResponse", "normalizedInput": place.normalized}
    if chosen is not None:
        answer["election"] = _election(chosen)
        if others := [_election(each) for each in coming if each.pk != chosen.pk]:
            answer["otherElections"] = others
    if regions := _regions(place, chosen):
        answer["state"] = regions
    if precinct := next((hit.ocd_id for hit in place.hits if hit.layer == "precinct"), ""):
        answer["precinctId"] = precinct.rpartition(":")[2]
    return answer


def _chosen(asked: Asked, coming: list[Election]) -> Election | None:
    """The election asked for, or the next one. Raises CivicError as the table of errors says."""
    if not asked.election:
        if not coming and not asked.truth("returnAllAvailableData", False):
            raise CivicError(400, "invalidValue", "Election unknown", parameter="electionId")
        return coming[0] if coming else None
    found: Election | None = Election.objects.filter(pk=asked.election).first()
    if found is None:
        raise CivicError(400, "invalidValue", "Election unknown", parameter="electionId")
    if found.date < lookup.today():
        raise CivicError(400, "invalidQuery", "Election is over", parameter="electionId")
    if found not in coming:
        raise nothing_there()
    return found


def _regions(place: QueriedPlace, election: Election | None) -> list[dict[str, Any]]:
    """The state with its county inside; the page that names the election's days stands as its information."""
    state = next((each for each in within(place.ids) if each.count("/") == 2), "")
    county = next((hit for hit in place.hits if hit.layer == "county" and hit.ocd_id != state), None)
    if not state:
        return []
    region: dict[str, Any] = {"name": name_of(state)}
    if election and election.source:
        region["sources"] = [{"name": election.source, "official": False}]
        if election.source.startswith("https://"):
            region["electionAdministrationBody"] = {"electionInfoUrl": election.source}
    if county:
        region["local_jurisdiction"] = {"name": county.name}
    return [region]
