"""A small explicit roll, and a matcher over it."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from apps.matching import IndexBuilder, Matcher, VoterIndex, VoterRecord, open_index

ROLL = [
    VoterRecord("001", "WILLIAM", "HENRY", "HARTWELL", "", "1956-03-09", "1956", "M",
                    "12 N MAIN ST", "FORT DAVIS",
                "10001", "3025550101", "", "A"),
    VoterRecord("002", "JOAN", "ANN", "HARTWELL", "", "1958-11-21", "1958", "F", "12 N MAIN ST", "FORT DAVIS",
                "10001", "3025550101", "joan@example.org", "A"),
    VoterRecord("003", "WILLIAM", "HENRY", "HARTWELL", "JR", "1984-03-11", "1984", "M",
                    "12 N MAIN ST", "FORT DAVIS",
                "10001", "", "", "A"),
    VoterRecord("004", "MARIA", "ELENA", "GARCIA LOPEZ", "", "1990-07-30", "1990", "F",
                "1220 SW 12TH AVE APT 709", "SAINT PAUL", "10044", "", "", "A"),
    VoterRecord("005", "SEAN", "", "O'BRIEN", "", "1971-12-04", "1971", "M", "PO BOX 77",
                    "MILL CREEK", "10090", "",
                "sean@example.org", "I"),
    VoterRecord("006", "MARY", "SUE", "DE LA CRUZ", "", "1949-01-17", "1949", "F", "RR 2 BOX 15",
                    "MILL CREEK",
                "10090", "", "", "A"),
    VoterRecord("007", "ZACHARY", "TODD", "WHITTLE", "", "", "1999", "M", "400 OAK LN",
                    "SAINT PAUL", "10044", "",
                "", "A"),
]  # fmt: skip
STREETS = ["ELM", "BIRCH", "POPLAR", "WILLOW", "CEDAR"]
FIRSTS = ["JAMES", "LINDA", "ROBERT", "SUSAN", "CARLOS", "KAREN", "DAVID", "NANCY", "PETER", "LAURA"]
LASTS = [
    "SMITH",
    "JONES",
    "BROWN",
    "NGUYEN",
    "MILLER",
    "DAVIS",
    "WILSON",
    "MOORE",
    "TAYLOR",
    "CLARK",
    "KHAN",
    "REYES",
]


def neighbors(count: int, start: int = 1000) -> Iterable[VoterRecord]:
    """Return unremarkable neighbors, so that frequencies are meaningful."""
    for i in range(count):
        yield VoterRecord(
            f"{start + i:06}", FIRSTS[i * 7 % 10], "", LASTS[(i * 5 + i // 10) % 12], "",
            f"{1940 + i % 60}-{1 + i % 12:02}-{1 + i * 3 % 28:02}", str(1940 + i % 60), "MF"[i % 2],
            f"{10 + i} {STREETS[i % 5]} ST", ("FORT DAVIS", "SAINT PAUL", "MILL CREEK")[i % 3],
            ("10001", "10044", "10090")[i % 3], "", "", "A",
        )  # fmt: skip


def build(folder: Path, rows: Iterable[VoterRecord], state: str = "ZZ") -> VoterIndex:
    """Return an open index over rows."""
    with IndexBuilder(folder, state) as builder:
        builder.add(rows)
        builder.finish()
    return open_index(folder)


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> VoterIndex:
    return build(tmp_path_factory.mktemp("roll") / "index", [*ROLL, *neighbors(4000)])


@pytest.fixture(scope="session")
def matcher(index: VoterIndex) -> Matcher:
    return Matcher([index])
