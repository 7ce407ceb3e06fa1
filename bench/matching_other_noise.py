"""Measure the matcher on unfamiliar files: are its results still right, and its probabilities still calibrated?

python -m bench.matching_other_noise [--voters 100000] [--seed N]

Each line is a generated roll, or queries, written in another way; the weights stay as shipped. Without --seed the
seed comes from the system.
"""

import argparse
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from apps.matching import IndexBuilder, Matcher, TypedPerson, VoterRecord, open_index
from bench.matching import matcher_quality
from tests.labelled.queries import NATURAL, Labelled, Sample, labelled, sampled_rows
from tests.labelled.roll import Roll

Row = dict[str, str]
TYPED = 10_000
_HOUSE = re.compile(r"^(\d+) (.*?)( (?:Apt\.?|Unit|#|apt) ?#?(\w+))?$")
_LETTERS = str.maketrans("0123456789", "ABCDEFGHJK")


def as_is(row: Row) -> Row:
    """Change nothing."""
    return row


def year_only(row: Row) -> Row:
    """Replace the birth date with the year."""
    dob = row["dob"]
    return row | {"dob": "", "birth_year": row["birth_year"] or (dob[:4] if dob[:4].isdigit() else dob[-4:])}


def one_string(row: Row) -> Row:
    """Join the name into one field."""
    names = (row.get(n, "") for n in ("first_name", "middle_name", "last_name", "suffix"))
    whole = row.get("full_name") or " ".join(n for n in names if n)
    return row | {"full_name": whole} | dict.fromkeys(("first_name", "middle_name", "last_name", "suffix"), "")


def surname_first(row: Row) -> Row:
    """Join the name into one field, the surname first with a comma."""
    if row.get("full_name"):
        return row
    first = f"{row['first_name']} {row['middle_name']}".strip()
    return one_string(row | {"full_name": f"{row['last_name']}, {first} {row['suffix']}".strip()})


def abroad(row: Row) -> Row:
    """Write the address in a foreign format: the number after the street, a postal code with letters."""
    found = _HOUSE.match(row["address"])
    address = f"{found[2]}straße {found[1]}{'/' + found[4] if found[4] else ''}" if found else row["address"]
    code = row["zip"][:5]
    letters = f"{code[:2].translate(_LETTERS)}{code[2:3]} {code[3:4]}{code[4:5].translate(_LETTERS)}" if code else ""
    return row | {"address": address, "zip": letters, "state": ""}


def moved_abroad(row: Row) -> Row:
    """Use an address that no voter of the roll has."""
    return row | {"address": "Hauptstraße 5, 3. OG links", "city": "Wien", "zip": "A-1010"}


def another_hand(row: Row) -> Row:
    """Use capitals and spaces as some states export them."""
    changed = {name: f" {text.upper()}  " if text and name != "voter_id" else text for name, text in row.items()}
    return changed | {"state": " zz"}


def name_and_year(row: Row) -> Row:
    """Keep only a name, a birth year and a city."""
    kept = ("full_name", "first_name", "middle_name", "last_name", "suffix", "city")
    return {name: row.get(name, "") for name in kept} | {"birth_year": year_only(row)["birth_year"]}


Change = Callable[[Row], Row]
CASES: tuple[tuple[str, Change, Change], ...] = (
    ("as the labelled sets are", as_is, as_is),
    ("roll with birth years only", year_only, as_is),
    ("people with birth years only", as_is, year_only),
    ("names in one string", as_is, one_string),
    ("names in one string, surname first", as_is, surname_first),
    ("roll and people of another country", abroad, abroad),
    ("people who moved abroad", as_is, moved_abroad),
    ("capitals, blanks, another state's codes", another_hand, another_hand),
    ("a name, a birth year, a city", as_is, name_and_year),
)


def built(folder: Path, rows: Sequence[tuple[str, ...]], change: Change) -> Matcher:
    """Return a matcher over the roll with changed records."""
    records = (VoterRecord(*row) for row in rows)
    with IndexBuilder(folder, "ZZ") as builder:
        changed = ({"status": ""} | change(record._asdict()) for record in records)
        builder.add(VoterRecord(**{name: row[name] for name in VoterRecord._fields}) for row in changed)
        builder.finish()
    return Matcher([open_index(folder)])


def main() -> None:
    """Read the arguments, print a line for each case."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--voters", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    arguments = parser.parse_args()
    sample = Sample(Roll(arguments.voters, arguments.seed), [], [])
    rows = list(sampled_rows(sample.roll, TYPED, TYPED, sample))
    forms = labelled(sample, "form", arguments.seed + 1, NATURAL, 2 * TYPED)
    print(f"voters {arguments.voters}, seed {arguments.seed}")
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        matchers: dict[Change, Matcher] = {}
        for number, (name, of_roll, of_people) in enumerate(CASES):
            if of_roll not in matchers:
                matchers[of_roll] = built(Path(scratch) / str(number), rows, of_roll)
            typed = [Labelled(_known(of_people(f.row)), f.voter_id, f.kind) for f in forms]
            found = matcher_quality(matchers[of_roll], typed, "form")
            shown = ("recall", "false_rate", "wrong_voter", "stated_above_99", "true_above_99")
            print(f"{name:42}", "  ".join(f"{key}={found[key]}" for key in shown))


def _known(row: Row) -> Row:
    return {name: row[name] for name in TypedPerson._fields if name in row}


if __name__ == "__main__":
    main()
