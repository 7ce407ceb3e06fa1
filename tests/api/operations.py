"""Every operation of the API with its scope and a request that gets status 200."""

from typing import Any

from tests.api.conftest import ANYTOWN, EAST, STATE, Caller

POINT = {"lon": EAST[0], "lat": EAST[1]}
# Operation -> scope (None: public) and a request that gets status 200.
OPERATIONS: dict[tuple[str, str], tuple[str | None, str, Any]] = {
    ("POST", "/districts/point"): ("districts", "districts/point", POINT),
    ("POST", "/districts/points"): ("districts", "districts/points", {"lon": [EAST[0]], "lat": [EAST[1]]}),
    ("POST", "/districts/address"): ("districts", "districts/address", {"address": ANYTOWN}),
    ("POST", "/districts/addresses"): ("districts", "districts/addresses", {"addresses": [ANYTOWN]}),
    ("GET", "/districts/zip/{zip_code}"): ("districts", "districts/zip/00502", None),
    ("GET", "/divisions/{ocd_id}"): (None, f"divisions/{STATE}/cd:1", None),
    ("GET", "/divisions/{ocd_id}/outline"): (None, f"divisions/{STATE}/cd:1/outline", None),
    ("POST", "/lists"): (
        "lists",
        "lists",
        {"purpose": "Remind our members", "people": [{"query_id": "1", "last_name": "Lee"}]},
    ),
    ("GET", "/lists"): ("lists", "lists", None),
    ("GET", "/officials"): ("officials", f"officials?division={STATE}/cd:1", None),
}
KEYED = [row for row in OPERATIONS.values() if row[0]]


def ask(caller: Caller, path: str, body: Any, **options: Any) -> Any:
    return caller.get(path) if body is None else caller.post(path, body, **options)
