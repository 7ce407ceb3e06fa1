"""ETags and Cache-Control of public and private responses."""

from pathlib import Path

import pytest

from tests.api.conftest import STATE, Caller
from tests.districts.samples import halves
from tests.districts.samples import load as load_lines

pytestmark = pytest.mark.usefixtures("state")
WEST = f"divisions/{STATE}/cd:1"


@pytest.mark.parametrize("path", [WEST, f"{WEST}/outline"])
def test_a_response_is_valid_until_its_vintage_changes(anybody: Caller, path: str, tmp_path: Path) -> None:
    first = anybody.get(path)
    etag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "public, max-age=300"
    again = anybody.get(path, **{"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert anybody.get(path, **{"If-None-Match": '"other"'}).status_code == 200
    load_lines(tmp_path, "cd", "2022", halves(-99))
    changed = anybody.get(path, **{"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag


def test_an_outline_and_its_division_differ_in_their_etags(anybody: Caller) -> None:
    assert anybody.get(WEST).headers["ETag"] != anybody.get(f"{WEST}/outline").headers["ETag"]


def test_a_response_charged_to_a_key_is_private(caller: Caller) -> None:
    first = caller.get("districts/zip/00502")
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in first.headers["Vary"]
    again = caller.get("districts/zip/00502", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
