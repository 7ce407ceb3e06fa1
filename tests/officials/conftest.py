"""A folder of downloads for nationwide imports, and an empty DATA_DIR."""

import gzip
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from tests.districts.files import shapefile
from tests.districts.samples import ranges_file
from tests.officials.samples import GENERAL, HEADER, MONTANA, member, write


@pytest.fixture
def data_dir(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path_factory.mktemp("data")
    return Path(settings.DATA_DIR)


def census(folder: Path, name: str, state: str, west: float, **columns: Any) -> Path:
    """Write a Census file of two districts of one state."""
    halves = np.array([shapely.box(west, 39, west + 1, 42), shapely.box(west + 1, 39, west + 2, 42)])
    made = shapefile(folder / name, halves, STATEFP=[state] * 2, **columns)
    shutil.rmtree(made.with_suffix(""))
    return made


@pytest.fixture
def downloads(tmp_path: Path, data_dir: Path) -> Path:
    """Write a folder of downloads: boundaries of two states, of the nation, of another year; addresses; people; the
    rest.
    """
    folder = tmp_path / "downloads"
    folder.mkdir()
    census(folder, "tl_2022_30_cd118.zip", "30", -110, CD118FP=["01", "02"], NAMELSAD=["One", "Two"])
    census(folder, "tl_2022_38_cd118.zip", "38", -101, CD118FP=["00", "ZZ"], NAMELSAD=["At large", "Water"])
    census(folder, "cb_2022_us_cd118_20m.zip", "30", -110, CD118FP=["01", "02"], NAMELSAD=["One", "Two"])
    for year in ("2021", "2023"):
        census(folder, f"tl_{year}_30_sldu.zip", "30", -110, SLDUST=["001", "002"], NAMELSAD=["One", "Two"])
    ranges_file(folder / "tl_2021_30059_addrfeat.parquet")
    write(
        folder / "legislators-current.jsonl.gz",
        [member(1, "sen", state="MT"), member(2, "rep", state="MT", district=1)],
    )
    write(folder / "offices.jsonl.gz", [{"id": {"bioguide": "Q000001"}, "offices": [{"phone": "701-555-0101"}]}])
    (folder / "elections.csv").write_text(f"{HEADER}\n{GENERAL}\n")
    with gzip.open(folder / "country-us.csv.gz", "wt") as file:
        file.write(f"id,name\n{MONTANA},Montana\n{MONTANA}/cd:1,Montana's 1st\n{MONTANA}/cd:3,Montana's 3rd\n")
    (folder / "same.csv").write_text(f"id,sameAs\n{MONTANA}/place:butte,{MONTANA}/county:silver_bow\n")
    (folder / "notes.pdf").write_bytes(b"%PDF")
    return folder
