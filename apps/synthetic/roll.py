"""Write the roll files of every layout, chunk by chunk, from the same people."""

import gzip
import shutil
import zipfile
from datetime import date
from io import BufferedIOBase
from pathlib import Path
from typing import Final, cast

from apps.synthetic import roll_states as states
from apps.synthetic.geography import Geography
from apps.synthetic.people import People
from apps.synthetic.places import Places
from apps.synthetic.roll_generic import GENERIC_COLUMNS, generic_header, generic_lines
from apps.synthetic.roll_nc import NC_COLUMNS, nc_header, nc_lines
from apps.synthetic.tables import county_names

__all__ = ["GENERIC_COLUMNS", "LAYOUTS", "NC_COLUMNS", "USUAL", "Roll", "roll_of"]

USUAL: Final = ("generic", "nc")
LAYOUTS: Final = (*USUAL, "nc71", "oh", "fl", "fixed")
_ZIP_DAY: Final = (2000, 1, 1, 0, 0, 0)  # no current time in a file: the same seed gives the same bytes


class Text:
    """A growing text file; a .gz contains neither name nor time."""

    def __init__(self, path: Path, encoding: str, header: str = "") -> None:
        self.path, self.encoding, self.rows = path, encoding, 0
        self._raw = path.open("wb")
        self._out = gzip.GzipFile("", "wb", 1, self._raw, mtime=0) if path.suffix == ".gz" else self._raw
        self.append([header])
        self.rows = 0

    def append(self, lines: list[str]) -> None:
        """Append lines."""
        cast("BufferedIOBase", self._out).write("".join(lines).encode(self.encoding))
        self.rows += len(lines)

    def close(self) -> None:
        """Finish the file."""
        self._out.close()
        self._raw.close()


class Roll:
    """One roll of one layout in one file. The generic layout is UTF-8, all others latin-1."""

    def __init__(self, layout: str, folder: Path, next_month: bool, end: str) -> None:
        """Open the file and write its header; `end` is .gz or nothing."""
        self.layout, self.next_month = layout, next_month
        stem, header = {
            "generic": ("generic{}.csv", generic_header()),
            "nc": ("ncvoter_HD{}.txt", nc_header()),
            "nc71": ("ncvoter71_HD{}.txt", "\t".join(states.OLD_COLUMNS) + "\n"),
            "fixed": ("fixed{}.txt", ""),
        }[layout]
        name = stem.format("_next" if next_month else "") + end
        self._text = Text(folder / name, "utf-8" if layout == "generic" else "latin-1", header)

    @property
    def counts(self) -> dict[str, int]:
        """The rows of each file."""
        return {self._text.path.name: self._text.rows}

    def write(self, people: People, places: Places, geo: Geography, seed: int, as_of: date) -> None:
        """Append some people."""
        if self.layout == "nc":
            lines = nc_lines(people, places, geo, seed, as_of)
        elif self.layout == "nc71":
            lines = states.old_carolina(people, places, geo, seed, as_of)
        elif self.layout == "fixed":
            lines = states.fixed(people, places, geo, seed)
        else:
            lines = generic_lines(people, places, geo, seed)
        self._text.append(lines)

    def close(self) -> None:
        """Finish the file."""
        self._text.close()


class Ohio(Roll):
    """Four .txt.gz by county number."""

    def __init__(self, folder: Path, next_month: bool) -> None:
        self.layout, self.next_month = "oh", next_month
        header, end = ",".join(states.OHIO_COLUMNS) + "\n", "_next" if next_month else ""
        self._texts = [Text(folder / f"{name}{end}.txt.gz", "latin-1", header) for name in states.OHIO_FILES]

    @property
    def counts(self) -> dict[str, int]:
        """The rows of each file."""
        return {text.path.name: text.rows for text in self._texts}

    def write(self, people: People, places: Places, geo: Geography, seed: int, as_of: date) -> None:
        """Append some people, each to the file of their county."""
        del as_of
        lines, county = states.ohio(people, places, geo, seed)
        file_of = [(states.county_number(c) - 1) // 22 for c in range(len(county_names()))]
        for number, text in enumerate(self._texts):
            text.append([line for line, c in zip(lines, county, strict=True) if file_of[c] == number])

    def close(self) -> None:
        """Finish the files."""
        for text in self._texts:
            text.close()


class Florida(Roll):
    """A zip of one file a county, every second one in latin-1, with the other files that such a zip contains."""

    def __init__(self, folder: Path, next_month: bool) -> None:
        self.layout, self.next_month = "fl", next_month
        self._path = folder / f"florida{'_next' if next_month else ''}.zip"
        self._draft = folder / f".florida{int(next_month)}"
        self._draft.mkdir()
        codes = states.FLORIDA_CODES[: len(county_names())]
        self._texts = [
            Text(self._draft / f"{code}_20260901.txt", ("utf-8", "latin-1")[n % 2]) for n, code in enumerate(codes)
        ]

    @property
    def counts(self) -> dict[str, int]:
        """The rows of all counties."""
        return {self._path.name: sum(text.rows for text in self._texts)}

    def write(self, people: People, places: Places, geo: Geography, seed: int, as_of: date) -> None:
        """Append some people, each to the file of their county."""
        del as_of
        lines, county = states.florida(people, places, geo, seed)
        for number, text in enumerate(self._texts):
            text.append([line for line, c in zip(lines, county, strict=True) if c == number])

    def close(self) -> None:
        """Pack the counties, a history file that is not a roll, and a note."""
        with zipfile.ZipFile(self._path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for text in self._texts:
                text.close()
                with archive.open(zipfile.ZipInfo(f"Voters/{text.path.name}", _ZIP_DAY), "w") as out:
                    out.write(text.path.read_bytes())
            for name, content in (("ALA_H_20260901.txt", "ALA\t1\t11/05/2024\tGEN\tE\n"), ("ReadMe.txt", "None.")):
                archive.writestr(zipfile.ZipInfo(f"Voters/{name}", _ZIP_DAY), content)
        shutil.rmtree(self._draft)


def roll_of(layout: str, folder: Path, next_month: bool, end: str) -> Roll:
    """Return the roll of a layout, open for writing."""
    if layout == "oh":
        return Ohio(folder, next_month)
    if layout == "fl":
        return Florida(folder, next_month)
    return Roll(layout, folder, next_month, end)
