"""Files of officials are parsed into terms and districts."""

from pathlib import Path

import pytest

from apps.officials.models import Holding
from tests.officials.samples import load, person, role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("jurisdiction", "kind", "district", "division"),
    [
        ("country:us/state:ma", "lower", "Eighteenth Essex", "state:ma/sldl:18th_essex"),
        (
            "country:us/state:ma",
            "upper",
            "Berkshire, Hampshire, Franklin and Hampden",
            "state:ma/sldu:berkshire_hampshire_franklin_and_hampden",
        ),
        ("country:us/state:nh", "lower", "Belknap 1", "state:nh/sldl:belknap_1"),
        ("country:us/state:vt", "lower", "Addison-1", "state:vt/sldl:addison-1"),
        ("country:us/state:ne", "legislature", "12", "state:ne/sldu:12"),
        ("country:us/state:ak", "upper", "E", "state:ak/sldu:e"),
        ("country:us/district:dc", "legislature", "Ward 3", "district:dc/ward:3"),
        ("country:us/district:dc", "legislature", "At-Large", "district:dc"),
        ("country:us/state:ak/place:anchorage", "mayor", None, "state:ak/place:anchorage"),
    ],
)
def test_districts_of_every_type(
    jurisdiction: str, kind: str, district: str | None, division: str, tmp_path: Path
) -> None:
    load(tmp_path, person(1, role(kind, district, jurisdiction=f"ocd-jurisdiction/{jurisdiction}/government")))
    assert Holding.objects.get().office.division == f"ocd-division/country:us/{division}"
