"""Compare civicinfo with the API at scale: a generated state's addresses, and real ZIP points on real boundaries."""

import csv
import gzip
import os
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from apps.districts import services
from apps.districts.ocd_list import load_divisions
from apps.officials import national_import
from apps.officials.services import load_officials
from apps.synthetic.state import make_state
from tests.api.conftest import Caller
from tests.api.discovery import client, validate

CALLS = 150
REAL = Path(os.environ.get("VOTEKIN_REAL_DATA", "/nowhere"))
LINES = {
    "state": "state_cb2023_5m",
    "cd": "cd118_tiger2022",
    "sldu": "sldu_2017_simplified10m",
    "sldl": "sldl_2017_simplified10m",
    "county": "county_cb2023_20m",
}


def contained(ids: set[str]) -> set[str]:
    """Return divisions and all that contain them by their ids."""
    return {"/".join(each.split("/")[:end]) for each in ids for end in range(2, each.count("/") + 2)}


@pytest.mark.django_db
@pytest.mark.slow
def test_150_addresses_of_a_state_have_the_divisions_of_the_rest_api(
    data_dir: Path, tmp_path: Path, live_server: Any, new_key: Callable[..., str]
) -> None:
    make_state(tmp_path / "state", 1000, 5, as_of=date.today(), contacts=20)  # noqa: DTZ011 - the state's own today
    folder = tmp_path / "state"
    report = national_import.run_import(national_import.classify_files(folder), str)
    assert report["refused"] == {}
    assert {"ncvoter_HD.txt", "people.csv"} <= set(report["unknown"])
    drawn = addresses(folder / "addresses" / "addrfeat.parquet")
    rows = Caller(new_key()).post("districts/addresses", {"addresses": drawn}).json()["answers"]
    wanted = {
        address: contained({each for ids in row["divisions"].values() for each in ids})
        for address, row in zip(drawn, rows, strict=True)
        if row["outcome"] == "found"
    }
    assert len(wanted) > 0.95 * CALLS
    with client(live_server.url, new_key()) as google:
        for address, ids in wanted.items():
            call = google.representatives().representativeInfoByAddress(address=address, includeOffices=False)
            assert set(call.execute()["divisions"]) == ids, address
        answer = google.representatives().representativeInfoByAddress(address=address).execute()
        validate("RepresentativeInfoResponse", answer)
        assert {"U.S. Senator", "U.S. Representative", "Governor of Halden"} <= {
            each["name"] for each in answer["offices"]
        }
        validate("VoterInfoResponse", google.elections().voterInfoQuery(address=address).execute())


def addresses(path: Path) -> list[str]:
    """Return the first left house number of streets drawn at random."""
    table = pq.read_table(path).to_pydict()
    rows = [
        f"{number} {name}, {city}, HD {zip_code}"
        for number, name, city, zip_code in zip(
            table["LFROMHN"], table["FULLNAME"], table["LCITY"], table["ZIPL"], strict=True
        )
        if number and name and zip_code
    ]
    return random.Random(3).sample(rows, CALLS)


@pytest.mark.real_data
@pytest.mark.django_db
@pytest.mark.skipif("VOTEKIN_REAL_DATA" not in os.environ, reason="VOTEKIN_REAL_DATA names no folder")
def test_500_real_places_have_the_divisions_of_the_rest_api(
    data_dir: Path, live_server: Any, new_key: Callable[..., str]
) -> None:
    load_divisions([REAL / "ocd_divisions_us.csv.gz", REAL / "ocd_aliases_us.csv"])
    for layer, name in LINES.items():
        services.load_boundaries(path=REAL / f"{name}.parquet", layer=layer, vintage="real")
    services.load_addresses(path=REAL / "addrfeat_tl2021_30059_meagher_mt.parquet")
    for name in ("openstates_people_current", "us_legislators_current", "us_legislators_district_offices"):
        load_officials(path=REAL / f"{name}.jsonl.gz", as_of=date(2026, 6, 15))
    with gzip.open(REAL / "zcta_centroids.csv.gz", "rt") as file:
        points = random.Random(4).sample(list(csv.DictReader(file)), 500)
    own = Caller(new_key())
    lon, lat = [float(each["lon"]) for each in points], [float(each["lat"]) for each in points]
    batch = own.post("districts/points", {"lon": lon, "lat": lat}).json()["layers"]
    with client(live_server.url, new_key()) as google:
        for place, point in enumerate(points):
            found = {layer["divisions"][at] for layer in batch.values() if (at := layer["at"][place]) is not None}
            found |= {
                layer["divisions"][at] for layer in batch.values() for point_, at in layer["also"] if point_ == place
            }
            call = google.divisions().queryDivisionByAddress(address=f"{point['lat']},{point['lon']}")
            answer = validate("DivisionByAddressResponse", call.execute())
            assert set(answer["divisions"]) == contained(found), point
        call = google.representatives().representativeInfoByAddress(address="39.7392,-104.9903")
        answer = validate("RepresentativeInfoResponse", call.execute())
        names = {each["name"] for each in answer["offices"]}
        assert {"U.S. Senator", "U.S. Representative", "Governor of Colorado", "Colorado State Senator"} <= names
        colorado = "ocd-division/country:us/state:co"
        assert answer["divisions"][colorado]["name"] == "Colorado"
        inside = google.representatives().representativeInfoByDivision(ocdId=colorado, recursive=True).execute()
        assert sum(each["name"] == "U.S. Representative" for each in validate("RepresentativeInfoData", inside)["offices"]) == 8  # noqa: E501  # fmt: skip
        alone = google.representatives().representativeInfoByDivision(ocdId=f"{colorado}/cd:1").execute()
        assert len(validate("RepresentativeInfoData", alone)["officials"]) == 1
        searched = google.divisions().search(query="denver").execute()
        assert f"{colorado}/place:denver" in {each["ocdId"] for each in validate("DivisionSearchResponse", searched)["results"]}  # noqa: E501  # fmt: skip
        street = google.divisions().queryDivisionByAddress(address="101 W Main St, White Sulphur Springs, MT 59645")
        assert (
            "ocd-division/country:us/state:mt" in validate("DivisionByAddressResponse", street.execute())["divisions"]
        )
        validate("ElectionsQueryResponse", google.elections().electionQuery().execute())
        info = google.elections().voterInfoQuery(address="39.7392,-104.9903", returnAllAvailableData=True).execute()
        assert validate("VoterInfoResponse", info)["state"][0]["name"] == "Colorado"
