"""The responses of the six methods, as dicts in the contract's format."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from apps.districts import lookup, ocd_list
from apps.districts.sources.layers import COUNTRY
from apps.officials.elections import upcoming_elections
from apps.officials.models import Election
from apps.officials.representation import Seat, seats_for_divisions, seats_inside, with_containing_divisions

from .division_names import division_name, geographic_division
from .errors import CivicError, not_found_error
from .offices import VACANT, civic_seat, office_name
from .params import CivicParams
from .place_lookup import QueriedPlace, find_place

MAX_DIVISIONS: Final = 5_000
MAX_RESULTS: Final = 100


def representatives_of_address(params: CivicParams) -> dict[str, Any]:
    """Return a RepresentativeInfoResponse: everyone who represents an address."""
    place = find_place(params.address)
    ids = with_containing_divisions(place.ids)
    with_offices = params.boolean("includeOffices", True)
    seats = seats_for_divisions(ids) if with_offices or params.levels or params.roles else []
    return {
        "kind": "civicinfo#representativeInfoResponse",
        "normalizedInput": place.normalized,
        **_build_representatives(ids, seats, params, with_offices),
    }


def representatives_of_division(params: CivicParams, ocd_id: str) -> dict[str, Any]:
    """Return RepresentativeInfoData: everyone who represents a division, and with `recursive` those inside it."""
    recursive = params.boolean("recursive", False)
    inside = sorted(_divisions_inside(ocd_id)) if recursive else []
    # The divisions that contain a district are needed, too, to distinguish a vacant seat from an unknown one.
    seats = (
        seats_inside(ocd_id, inside)
        if recursive
        else [s for s in seats_for_divisions([ocd_id]) if s.office.division == ocd_id]
    )
    if not _is_known(ocd_id, seats):
        raise not_found_error()
    ids = list(dict.fromkeys([ocd_id, *inside, *(seat.office.division for seat in seats)]))
    if len(ids) > MAX_DIVISIONS and not (params.levels or params.roles):
        raise _limit_error()
    response = _build_representatives(ids, seats, params, with_offices=True)
    if len(response["divisions"]) > MAX_DIVISIONS:
        raise _limit_error()
    return response


def _limit_error() -> CivicError:
    return CivicError(403, "limitExceeded", "Too many OCD IDs retrieved")


def _is_known(ocd_id: str, seats: list[Seat]) -> bool:
    return bool(
        any(seat.office.pk for seat in seats)
        or lookup.division(ocd_id)
        or ocd_list.divisions().get(ocd_id)
        or ocd_id == COUNTRY
    )


def _divisions_inside(ocd_id: str) -> Iterator[str]:
    prefix = f"{ocd_id}/"
    return (division for division, _name in lookup.divisions_in_force() if division.startswith(prefix))


def _build_representatives(
    ids: Iterable[str], seats: list[Seat], params: CivicParams, with_offices: bool
) -> dict[str, Any]:
    """Return divisions, offices and officials, which refer to each other by index."""
    levels, roles = params.levels, params.roles
    selected = [
        (seat, converted)
        for seat in seats
        for converted in [civic_seat(seat)]
        if (not levels or levels & converted.levels) and (not roles or roles & converted.roles)
    ]
    chosen = {seat.office.division for seat, _ in selected} if levels or roles else None
    divisions = {ocd_id: geographic_division(ocd_id) for ocd_id in ids if chosen is None or ocd_id in chosen}
    if not with_offices:
        return {"divisions": divisions}
    offices: list[dict[str, Any]] = []
    officials: list[dict[str, Any]] = []
    index_by_pk: dict[int, int] = {}
    for seat, converted in selected:
        indices = []
        for pk, official in converted.officials:
            if pk not in index_by_pk:
                index_by_pk[pk] = len(officials)
                officials.append(official)
            indices.append(index_by_pk[pk])
        for _vacancy in range(seat.vacant):
            # Client programs read the first holder of an office without checking that there is one.
            indices.append(len(officials))
            officials.append(VACANT)
        if seat.office.division in divisions:
            divisions[seat.office.division].setdefault("officeIndices", []).append(len(offices))
        offices.append({"name": office_name(seat), "officialIndices": indices, **converted.office})
    return {"divisions": divisions, "offices": offices, "officials": officials}


def divisions_by_address(params: CivicParams) -> dict[str, Any]:
    """Return a DivisionByAddressResponse: the divisions of an address, without officials."""
    place = find_place(params.address)
    return {
        "normalizedInput": place.normalized,
        "divisions": {ocd_id: geographic_division(ocd_id) for ocd_id in with_containing_divisions(place.ids)},
    }


def search_divisions(params: CivicParams) -> dict[str, Any]:
    """Return a DivisionSearchResponse: divisions with every word of the query in id or name; `-word` excludes."""
    words = [word.strip('"*+()').lower() for word in params.search_query.split()]
    words = [word for word in words if word not in {"", "and"}]
    required, excluded = [word for word in words if word[0] != "-"], [word[1:] for word in words if word[0] == "-"]
    names = dict(ocd_list.divisions().search(required, MAX_RESULTS * 10))
    for ocd_id, name in lookup.divisions_in_force():
        text = f"{ocd_id} {name}".lower()
        if required and all(word in text for word in required):
            names.setdefault(ocd_id, name)
    matches = [
        ocd_id
        for ocd_id, name in names.items()
        if not any(word and word in f"{ocd_id} {name}".lower() for word in excluded)
    ]
    results = [_result(ocd_id, names[ocd_id]) for ocd_id in sorted(matches, key=lambda ocd_id: (len(ocd_id), ocd_id))]
    return {"kind": "civicinfo#divisionSearchResponse", "results": results[:MAX_RESULTS]}


def _result(ocd_id: str, name: str) -> dict[str, Any]:
    known = ocd_list.divisions().get(ocd_id)
    aliases = {"aliases": list(known.aliases)} if known and known.aliases else {}
    return {"ocdId": ocd_id, "name": name or division_name(ocd_id), **aliases}


def upcoming_elections_response(_params: CivicParams) -> dict[str, Any]:
    """Return an ElectionsQueryResponse: every upcoming election that is loaded."""
    upcoming = Election.objects.from_day(lookup.today())
    return {"kind": "civicinfo#electionsQueryResponse", "elections": [_election(election) for election in upcoming]}


def _election(row: Election) -> dict[str, str]:
    return {
        "id": str(row.pk),
        "name": row.name,
        "electionDay": row.date.isoformat(),
        "ocdDivisionId": row.division,
    }


def voter_info(params: CivicParams) -> dict[str, Any]:
    """Return a VoterInfoResponse: an address's elections, state, county and precinct, without polling places."""
    place = find_place(params.address)
    upcoming = upcoming_elections(place.ids)
    chosen = _choose_election(params, upcoming)
    response: dict[str, Any] = {"kind": "civicinfo#voterInfoResponse", "normalizedInput": place.normalized}
    if chosen is not None:
        response["election"] = _election(chosen)
        if others := [_election(election) for election in upcoming if election.pk != chosen.pk]:
            response["otherElections"] = others
    if regions := _regions(place, chosen):
        response["state"] = regions
    if precinct := next((hit.ocd_id for hit in place.hits if hit.layer == "precinct"), ""):
        response["precinctId"] = precinct.rpartition(":")[2]
    return response


def _choose_election(params: CivicParams, upcoming: list[Election]) -> Election | None:
    """Return the requested election, or the next one; raise CivicError as in Google's table of errors."""
    if not params.election:
        if not upcoming and not params.boolean("returnAllAvailableData", False):
            raise CivicError(400, "invalidValue", "Election unknown", parameter="electionId")
        return upcoming[0] if upcoming else None
    election: Election | None = Election.objects.filter(pk=params.election).first()
    if election is None:
        raise CivicError(400, "invalidValue", "Election unknown", parameter="electionId")
    if election.date < lookup.today():
        raise CivicError(400, "invalidQuery", "Election is over", parameter="electionId")
    if election not in upcoming:
        raise not_found_error()
    return election


def _regions(place: QueriedPlace, election: Election | None) -> list[dict[str, Any]]:
    """Return the state with its county; its information page is the source of the election's dates."""
    state = next((ocd_id for ocd_id in with_containing_divisions(place.ids) if ocd_id.count("/") == 2), "")
    county = next((hit for hit in place.hits if hit.layer == "county" and hit.ocd_id != state), None)
    if not state:
        return []
    region: dict[str, Any] = {"name": division_name(state)}
    if election and election.source:
        region["sources"] = [{"name": election.source, "official": False}]
        if election.source.startswith("https://"):
            region["electionAdministrationBody"] = {"electionInfoUrl": election.source}
    if county:
        region["local_jurisdiction"] = {"name": county.name}
    return [region]
