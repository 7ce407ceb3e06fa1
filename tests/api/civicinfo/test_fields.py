"""The parameter `fields` selects parts of a response."""

from tests.api.civic import CivicCaller
from tests.api.conftest import ANYTOWN


def test_fields_select_parts_of_a_response(civic: CivicCaller, people: None) -> None:
    whole = civic.get("representatives", address=ANYTOWN).json()
    part = civic.get("representatives", address=ANYTOWN, fields="kind,offices(name,levels),divisions/*/name").json()
    assert set(part) == {"kind", "offices", "divisions"}
    assert {tuple(each) for each in part["offices"]} == {("name", "levels")}
    assert {key: each["name"] for key, each in whole["divisions"].items()} == {
        key: each["name"] for key, each in part["divisions"].items()
    }
    assert civic.get("representatives", address=ANYTOWN, fields="*").json() == whole
