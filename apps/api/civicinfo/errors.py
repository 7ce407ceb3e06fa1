"""Errors in Google's format: a status, a reason code and a message. Never repeats the input."""

import json
from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse

CONTENT_TYPE: Final = "application/json; charset=UTF-8"
STATUS_WORDS: Final = {
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
    """An error of one call. `parameter` names the invalid one; `details` are in Google's machine-readable format."""

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
        """Return the error as a response."""
        location = {"location": self.parameter, "locationType": "parameter"} if self.parameter else {}
        error: dict[str, Any] = {
            "code": self.status,
            "message": self.message,
            "errors": [{"message": self.message, "domain": "global", "reason": self.reason, **location}],
            "status": STATUS_WORDS[self.status],
        }
        if self.details:
            error["details"] = [self.details]
        body = json.dumps({"error": error}, indent=2)
        return HttpResponse(body, status=self.status, content_type=CONTENT_TYPE, headers=self.headers)


def missing_address_error() -> CivicError:
    """Return the error of a missing address."""
    return CivicError(400, "required", "No address provided", parameter="address")


def unclear_address_error() -> CivicError:
    """Return the error of an address without number or street, or that matches several streets."""
    return CivicError(400, "parseError", "Failed to parse address", parameter="address")


def inexact_address_error(question: str) -> CivicError:
    """Return the error of an address that the files contain only with another number, direction or road.

    The message asks the caller to confirm that address.
    """
    return CivicError(400, "parseError", f"No such address. {question}", parameter="address")


def not_found_error() -> CivicError:
    """Return the error of an address that no loaded file contains."""
    return CivicError(404, "notFound", "No information for this address")


def invalid_value_error(parameter: str, message: str) -> CivicError:
    """Return the error of an invalid parameter value."""
    return CivicError(400, "invalidParameter", f"Invalid value for {parameter}: {message}", parameter=parameter)
