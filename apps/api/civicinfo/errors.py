"""Errors in Google's form: a status, a reason for programs, a sentence for people. Never what was sent."""

import json
from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse

JSON: Final = "application/json; charset=UTF-8"
WORDS: Final = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


class CivicError(Exception):
    """An error of one call. `parameter` names the one that is wrong; `details` are Google's machine-readable ones."""

    def __init__(
        self,
        status: int,
        reason: str,
        message: str,
        *,
        parameter: str = "",
        details: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.reason, self.message = status, reason, message
        self.parameter, self.details, self.headers = parameter, details, headers

    def response(self) -> HttpResponse:
        """Return the error as an answer."""
        place = {"location": self.parameter, "locationType": "parameter"} if self.parameter else {}
        error: dict[str, Any] = {
            "code": self.status,
            "message": self.message,
            "errors": [{"message": self.message, "domain": "global", "reason": self.reason, **place}],
            "status": WORDS[self.status],
        }
        if self.details:
            error["details"] = [self.details]
        body = json.dumps({"error": error}, indent=2)
        return HttpResponse(body, status=self.status, content_type=JSON, headers=self.headers)


def no_address() -> CivicError:
    """The address is missing."""
    return CivicError(400, "required", "No address provided", parameter="address")


def unclear_address() -> CivicError:
    """The address has no number or street, or fits several streets."""
    return CivicError(400, "parseError", "Failed to parse address", parameter="address")


def inexact_address(question: str) -> CivicError:
    """The files have another number, direction or road than the one asked for: the caller has to say if it is meant."""
    return CivicError(400, "parseError", f"No such address. {question}", parameter="address")


def nothing_there() -> CivicError:
    """No loaded file knows the address, or holds its place."""
    return CivicError(404, "notFound", "No information for this address")


def wrong_value(parameter: str, message: str) -> CivicError:
    """A parameter has a value that it cannot have."""
    return CivicError(400, "invalidParameter", f"Invalid value for {parameter}: {message}", parameter=parameter)
