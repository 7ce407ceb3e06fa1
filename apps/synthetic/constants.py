"""Define what is fixed about Halden, the fictional state, and the dates derived from the day it is generated for."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

STATE: Final = "HD"
STATE_NAME: Final = "Halden"
FIPS: Final = "90"  # assigned to no state
ROOT: Final = "ocd-division/country:us/state:hd"
JURISDICTION: Final = "ocd-jurisdiction/country:us/state:hd/government"

# Halden lies in the Atlantic, at the latitude of the Carolinas, so that it never overlaps a real district when
# both are loaded: west, south, east, north in degrees.
BOUNDS: Final = (-49.75, 33.0, -44.0, 36.25)

# ZIP codes 00100 to 00499: the Postal Service has assigned none of these prefixes. The leading zeros are intended.
ZIP_PREFIXES: Final = ("001", "002", "003", "004")

# The demo address: the same for every seed, in these districts.
HOME_CITY: Final = "Port Ansel"
HOME_STREET: Final = "Coopers Row"
HOME_COUNTY: Final = "Isel"
HOME_ZIP: Final = "00471"
HOME_PRECINCT: Final = 136
HOME_DISTRICTS: Final = {"cd": (4, 5), "sldu": (11, 9), "sldl": (27, 27)}  # currently, under the other plan

DISTRICTS: Final = {"cd": 7, "sldu": 12, "sldl": 36}
MULTI_MEMBER: Final = 12  # this House district elects two members
VACANT: Final = 27  # this House district is vacant


def ocdid(layer: str, label: str | int, county: str = "") -> str:
    """Return the Open Civic Data id of one district; a precinct needs its county's name."""
    if layer == "state":
        return ROOT
    slug = str(label).lower().replace(" ", "_").replace(".", "")
    if layer == "precinct":
        return f"{ocdid('county', county)}/precinct:{slug}"
    return f"{ROOT}/{layer}:{slug}"


@dataclass(frozen=True)
class Calendar:
    """The dates of one generated state. All derive from `as_of`, so that a state never becomes stale."""

    as_of: date

    @property
    def switch(self) -> date:
        """The day the next plan of Congress and Senate takes effect: about six weeks away."""
        return self.as_of + timedelta(days=43)

    @property
    def years(self) -> tuple[int, int, int]:
        """Names of the plans: the previous, the current, the next one."""
        return self.switch.year - 16, self.switch.year - 6, self.switch.year - 2

    def shifted(self, years: int) -> date:
        """Return the day of the switch in another year."""
        day = min(self.switch.day, 28) if self.switch.month == 2 else self.switch.day
        return self.switch.replace(year=self.switch.year + years, day=day)

    @property
    def special(self) -> date:
        """The special election for the vacant House seat: the first Tuesday at least 50 days away."""
        return _tuesday(self.as_of + timedelta(days=50))

    @property
    def primary(self) -> date:
        """The next primary: the first Tuesday at least 160 days away."""
        return _tuesday(self.as_of + timedelta(days=160))

    @property
    def general(self) -> date:
        """The next general election: the first November date at least 200 days away."""
        earliest = self.as_of + timedelta(days=200)
        day = _november(earliest.year)
        return day if day >= earliest else _november(earliest.year + 1)

    @property
    def last_general(self) -> date:
        """The general election before `as_of`."""
        day = _november(self.as_of.year)
        return day if day < self.as_of else _november(self.as_of.year - 1)


def _tuesday(day: date) -> date:
    return day + timedelta(days=(1 - day.weekday()) % 7)


def _november(year: int) -> date:
    """Return the Tuesday after the first Monday of November."""
    return _tuesday(date(year, 11, 2))
