"""Check the counts of a load before anything is built from it."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from apps.core.errors import Refused

from .request import LoadReport, LoadRequest

MAX_DUPLICATE_SHARE: Final = 0.001


def check_counts(
    report: LoadReport, request: LoadRequest, by_state: Mapping[str, Counter[str]], *, parts: int, duplicates: int
) -> None:
    """Raise Refused if too little was read, or the id or status column is the wrong one; note missing files.

    `by_state` are the numbers of voters by status of each state.
    """
    if parts < request.layout.files:
        report.notes.append(
            f"This roll usually comes in {request.layout.files} files; {parts} was read. "
            "Name all of them in one command."
        )
    if not any(by_state.values()):
        reason = (
            report.first_errors[0] if report.first_errors else f"{request.names}: there are no rows under the header."
        )
        raise Refused(f"Nothing could be loaded. {reason}")
    if report.quarantined > report.read / 2 and not request.accept:
        raise Refused(f"More than half of the rows cannot be read. {report.first_errors[0]}")
    if duplicates > MAX_DUPLICATE_SHARE * report.read and not request.accept:
        first = next(f for f in report.first_errors if "same id" in f)
        raise Refused(
            f"{duplicates:,} rows repeat a voter id. {first} Is voter_id the right column? "
            "Load with --accept to keep the first row of each."
        )
    for state, by_status in by_state.items():
        if not any(by_status[status] for status in request.layout.status.registered.values()):
            raise Refused(f"{request.names}: no row of {state or 'no state'} is registered. Check the status column.")
