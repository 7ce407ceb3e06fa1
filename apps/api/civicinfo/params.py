"""What a call asks: the parameters of the discovery document, each checked, and none that it does not know."""

import re
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

from .errors import CivicError, no_address, unclear_address, wrong_value

LEVELS: Final = (
    *("international", "country", "administrativeArea1", "regional", "administrativeArea2", "locality"),
    *("subLocality1", "subLocality2", "special"),
)
ROLES: Final = (
    *("headOfState", "headOfGovernment", "deputyHeadOfGovernment", "governmentOfficer", "executiveCouncil"),
    *("legislatorUpperBody", "legislatorLowerBody", "highestCourtJudge", "judge", "schoolBoard"),
    *("specialPurposeOfficer", "otherRole"),
)
# Every method takes these; those that ask for another form than JSON are refused, the rest changes no answer.
COMMON: Final = frozenset(
    "key alt fields prettyPrint quotaUser callback access_token oauth_token uploadType upload_protocol $.xgafv".split()
)
TRUTHS: Final = {"true": True, "1": True, "false": False, "0": False, "": False}
TRUTHFUL: Final = frozenset("includeOffices recursive officialOnly productionDataOnly returnAllAvailableData".split())
LONGEST_ADDRESS: Final = 300
LONGEST_QUERY: Final = 200


@dataclass(frozen=True)
class Asked:
    """The parameters of one call; each property checks what it returns."""

    query: QueryDict

    @classmethod
    def of(cls, query: QueryDict, own: frozenset[str]) -> "Asked":
        """Take a call's parameters. Raises CivicError for one that the method does not have."""
        if set(query) - COMMON - own:
            known = ", ".join(sorted(own)) or "no parameter of its own"
            raise CivicError(400, "badRequest", f"Unknown name in the query. This method takes: {known}.")
        if query.get("alt", "json") != "json":
            raise wrong_value("alt", "answers are JSON.")
        if "callback" in query:
            # A script tag of any page could read such an answer; pages of API_ORIGINS read the JSON itself.
            raise wrong_value("callback", "there is no JSONP; let the page's origin be allowed instead.")
        asked = cls(query)
        for name in own:
            asked.check(name)
        return asked

    def check(self, name: str) -> object:
        """Read one parameter, so that a wrong one is refused before anything is spent or looked up."""
        if name in TRUTHFUL:
            return self.truth(name, False)
        return getattr(self, {"query": "words", "electionId": "election"}.get(name, name))

    def truth(self, name: str, default: bool) -> bool:
        """Return a yes or no."""
        value = TRUTHS.get(self.query.get(name, str(default)).lower())
        if value is None:
            raise wrong_value(name, "it is true or false.")
        return value

    def some_of(self, name: str, known: tuple[str, ...]) -> frozenset[str]:
        """Return the chosen words; none chosen means all."""
        chosen = frozenset(self.query.getlist(name))
        if chosen - set(known):
            raise wrong_value(name, f"it is one of {', '.join(known)}.")
        return chosen

    @property
    def levels(self) -> frozenset[str]:
        """The levels of government to filter by."""
        return self.some_of("levels", LEVELS)

    @property
    def roles(self) -> frozenset[str]:
        """The roles to filter by."""
        return self.some_of("roles", ROLES)

    @property
    def address(self) -> str:
        """The address in one line."""
        text = " ".join(self.query.get("address", "").split())
        if not text:
            raise no_address()
        if len(text) > LONGEST_ADDRESS or not text.isprintable():
            raise unclear_address()
        return text

    @property
    def words(self) -> str:
        """What a search of divisions asks for."""
        text = self.query.get("query", "").strip()
        if not text or len(text) > LONGEST_QUERY or not text.isprintable():
            raise wrong_value("query", f"1 to {LONGEST_QUERY} letters of a name or an OCD id.")
        return text

    @property
    def election(self) -> int:
        """The number of an election; 0 asks for the next one."""
        text = self.query.get("electionId", "0")
        if not re.fullmatch(r"[0-9]{1,18}", text):
            raise wrong_value("electionId", "it is a whole number.")
        return int(text)
