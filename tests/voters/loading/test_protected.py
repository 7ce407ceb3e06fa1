"""A row that says that its address is protected is never stored; a street that only sounds like it is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.voters import rolls
from apps.voters.loading.protected import says_protected
from tests.voters.synthetic_rows import voters

PROTECTED = [
    "CONFIDENTIAL", "Confidential", "***PROTECTED***", "ADDRESS CONFIDENTIAL", "Confidential Address", "ACP", "A.C.P.",
    "ACP PO BOX 1234", "PO BOX 1234 ACP", "ADDRESS CONFIDENTIALITY PROGRAM",
    "C/O Address Confidentiality Program, Box 9",
    "SAFE AT HOME PROGRAM", "PO BOX 17370 SAFE AT HOME", "Address Withheld", "WITHHELD", "REDACTED", "SUPPRESSED",
    "RECORD SEALED", "CONFIDENTIAL - COURT ORDER", "CONFIDENTIAL VOTER", "EXEMPT", "NOT DISCLOSED",
    "PROTECTED PER STATUTE",
    "DIRECCIÓN CONFIDENCIAL", "DIRECCION PROTEGIDA", "*", "*****", "XXXXX", "#####", "XXX XXXX XX",
]  # fmt: skip
ORDINARY = [
    "", "1 ELM ST", "HOMELESS", "NO PHYSICAL ADDRESS", "UNKNOWN", "PO BOX 5", "12 CONFEDERATE AVE", "9 ACP ST",
    "100 MACPHERSON DR", "7 SHIELDS RD", "1 SAFETY HARBOR LN", "4 PROTECTION RD", "12 X ST", "# 5 MAIN ST", "-",
    "8 CONF AVE",
]  # fmt: skip
Load = Callable[..., Any]
Write = Callable[..., Path]


@pytest.mark.parametrize("text", PROTECTED)
def test_protected_address(text: str) -> None:
    assert says_protected(text)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_address(text: str) -> None:
    assert not says_protected(text)


@pytest.mark.parametrize("field", ["address", "city", "last_name", "mail_address"])
def test_protected_rows_are_dropped_and_counted(load_file: Load, write: Write, field: str) -> None:
    rows = voters(30)
    for number in (3, 17):
        rows[number][field] = "Confidential"
    report = load_file(write(rows, header=(*rows[0], *([field] if field not in rows[0] else []))))
    assert dict(report.dropped) == {"confidential": 2}
    assert report.loaded == 28
    assert rolls.get_voter("HD", rows[3]["voter_id"]) is None
    assert rolls.get_voter("HD", rows[4]["voter_id"]) is not None


def test_a_batch_full_of_hints_is_read_row_by_row(load_file: Load, write: Write) -> None:
    rows = [{**row, "address": f"{n} CONFEDERATE AVE"} for n, row in enumerate(voters(600))]
    rows[599]["address"] = "CONFIDENTIAL"
    report = load_file(write(rows))
    assert (report.loaded, dict(report.dropped)) == (599, {"confidential": 1})
