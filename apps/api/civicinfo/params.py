"""Validate the parameters of the discovery document; refuse unknown ones."""

import re
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

from .errors import CivicError, invalid_value_error, missing_address_error, unclear_address_error

LEVELS: Final = (
    *("international", "country", "administrativeArea1", "regional", "administrativeArea2", "locality"),
    *("subLocality1", "subLocality2", "special"),
)
ROLES: Final = (
    *("headOfState", "headOfGovernment", "deputyHeadOfGovernment", "governmentOfficer", "executiveCouncil"),
    *("legislatorUpperBody", "legislatorLowerBody", "highestCourtJudge", "judge", "schoolBoard"),
    *("specialPurposeOfficer", "otherRole"),
)
# Every method accepts these. Those that request another format than JSON are refused; the others have no effect.
COMMON_PARAMETERS: Final = frozenset(
    "key alt fields prettyPrint quotaUser callback access_token oauth_token uploadType upload_protocol $.xgafv".split()
)
BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False, "": False}
BOOLEAN_PARAMETERS: Final = frozenset(
    "includeOffices recursive officialOnly productionDataOnly returnAllAvailableData".split()
)
MAX_ADDRESS_LENGTH: Final = 300
MAX_QUERY_LENGTH: Final = 200


@dataclass(frozen=True)
class CivicParams:
    """The parameters of one call; each property validates the value that it returns."""

    query: QueryDict

    @classmethod
    def parse(cls, query: QueryDict, own: frozenset[str]) -> "CivicParams":
        """Return a call's parameters; raise CivicError for one that is unknown to the method, or invalid."""
        if set(query) - COMMON_PARAMETERS - own:
            known = ", ".join(sorted(own)) or "no parameter of its own"
            raise CivicError(400, "badRequest", f"Unknown name in the query. This method takes: {known}.")
        if query.get("alt", "json") != "json":
            raise invalid_value_error("alt", "responses are JSON.")
        if "callback" in query:
            # Any page could read a JSONP response; pages of API_ORIGINS may read the JSON itself.
            raise invalid_value_error("callback", "there is no JSONP; let the page's origin be allowed instead.")
        params = cls(query)
        for name in own:
            params.check(name)
        return params

    def check(self, name: str) -> object:
        """Return one parameter; validates it before the budget is charged."""
        if name in BOOLEAN_PARAMETERS:
            return self.boolean(name, False)
        return getattr(self, {"query": "search_query", "electionId": "election"}.get(name, name))

    def boolean(self, name: str, default: bool) -> bool:
        """Return a boolean parameter."""
        value = BOOLEANS.get(self.query.get(name, str(default)).lower())
        if value is None:
            raise invalid_value_error(name, "it is true or false.")
        return value

    def choices(self, name: str, known: tuple[str, ...]) -> frozenset[str]:
        """Return the values of a repeated parameter; an empty set selects all."""
        values = frozenset(self.query.getlist(name))
        if values - set(known):
            raise invalid_value_error(name, f"it is one of {', '.join(known)}.")
        return values

    @property
    def levels(self) -> frozenset[str]:
        """Return the levels of government to filter by."""
        return self.choices("levels", LEVELS)

    @property
    def roles(self) -> frozenset[str]:
        """Return the roles to filter by."""
        return self.choices("roles", ROLES)

    @property
    def address(self) -> str:
        """Return the address on one line."""
        text = " ".join(self.query.get("address", "").split())
        if not text:
            raise missing_address_error()
        if len(text) > MAX_ADDRESS_LENGTH or not text.isprintable():
            raise unclear_address_error()
        return text

    @property
    def search_query(self) -> str:
        """Return the query of a division search."""
        text = self.query.get("query", "").strip()
        if not text or len(text) > MAX_QUERY_LENGTH or not text.isprintable():
            raise invalid_value_error("query", f"1 to {MAX_QUERY_LENGTH} characters of a name or an OCD id.")
        return text

    @property
    def election(self) -> int:
        """Return the id of an election; 0 means the next one."""
        text = self.query.get("electionId", "0")
        if not re.fullmatch(r"[0-9]{1,18}", text):
            raise invalid_value_error("electionId", "it is a whole number.")
        return int(text)
