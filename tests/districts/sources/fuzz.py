"""Load mutated boundary files: each must load or be refused with a message, whatever its bytes.

`python -m tests.districts.sources.fuzz 10000 [FOLDER]` runs that many, in processes of their own because a library may
crash, and keeps each file that broke the loader in FOLDER.
"""

import copy
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import shapely

from apps.core.errors import VotekinError
from apps.districts.sources.boundaries import read_boundaries
from apps.districts.vintage_files import write_vintage
from tests.districts.files import geojson, geopackage, parquet, shapefile

PREFIX = "ocd-division/country:us/state:zz/cd"
SECONDS_PER_FILE = 20
FILES_PER_PROCESS = 500
ODD_VALUES: list[Any] = [
    None, True, 0, -1, 1e308, float("nan"), float("inf"), "", "x", "\0", "é" * 300, [], {}, [[]], [[[]]], 10**400,
    {"type": "Polygon"}, "Polygon", "Feature", "FeatureCollection", "EPSG:3857", "EPSG:99999", [0], [0, 0], [[0, 0]],
    [None, None],
]  # fmt: skip


def sources(folder: Path) -> dict[str, bytes]:
    """Return one good file of every format, as bytes by suffix."""
    shapes = np.array([
        shapely.box(-100, 38, -99, 39),
        shapely.MultiPolygon([shapely.box(-99, 38, -98, 39), shapely.box(-97, 38, -96.5, 39)]),
        shapely.box(-99.5, 38.5, -99.2, 38.7),
    ])  # fmt: skip
    columns: dict[str, Any] = {"ocdid": [f"{PREFIX}:{n}" for n in range(3)], "name": ["Ada", "Peña", "Öst"]}
    folder.mkdir(parents=True, exist_ok=True)
    paths = [
        geojson(folder / "a.geojson", shapes, **columns),
        parquet(folder / "a.parquet", shapes, **columns),
        shapefile(folder / "a.zip", np.array([shapes[0], shapes[2]]), **{k: v[:2] for k, v in columns.items()}),
        geopackage(folder / "a.gpkg", np.array([shapes[0], shapes[2]]), **{k: v[:2] for k, v in columns.items()}),
    ]
    return {path.suffix: path.read_bytes() for path in paths}


def mutated(data: bytes, suffix: str, chance: random.Random) -> bytes:
    """Return a file with some damage: of its bytes, or of what its format is built from."""
    structural: dict[str, Callable[[bytes, random.Random], bytes]] = {
        ".geojson": _with_odd_json, ".zip": _with_odd_member, ".parquet": _with_odd_metadata,
    }  # fmt: skip
    if suffix in structural and chance.random() < 0.7:
        return structural[suffix](data, chance)
    return _with_odd_bytes(data, chance)


def _with_odd_bytes(data: bytes, chance: random.Random) -> bytes:
    result = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 40))):
        at = chance.randrange(len(result) or 1)
        kind = chance.randrange(5)
        if kind == 0:
            result[at : at + 1] = bytes([chance.randrange(256)])
        elif kind == 1:
            del result[at : at + chance.choice((1, 4, 64))]
        elif kind == 2:
            result[at:at] = result[at : at + chance.choice((1, 8, 200))]
        elif kind == 3:
            result[at : at + 8] = bytes(8) if chance.random() < 0.5 else b"\xff" * 8
        elif chance.random() < 0.3:
            del result[at:]
    return bytes(result)


def _with_odd_json(data: bytes, chance: random.Random) -> bytes:
    tree = json.loads(data)
    for _ in range(chance.choice((1, 1, 2, 6))):
        tree = _with_odd_node(tree, chance)
    if chance.random() < 0.02:
        return ("[" * 100_000 if chance.random() < 0.5 else '{"type":"FeatureCollection","features":[' * 5_000).encode()
    return json.dumps(tree, ensure_ascii=chance.random() < 0.5).encode("utf-8", "replace")


def _with_odd_node(node: Any, chance: random.Random) -> Any:
    if not isinstance(node, dict | list) or not node or chance.random() < 0.12:
        return copy.deepcopy(chance.choice(ODD_VALUES))
    key = chance.choice(list(node)) if isinstance(node, dict) else chance.randrange(len(node))
    if chance.random() < 0.1:
        del node[key]
    else:
        node[key] = _with_odd_node(node[key], chance)
    return node


def _with_odd_member(data: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(list(members))
    kind = chance.randrange(8)
    if kind == 0:
        del members[name]
    elif kind == 1:
        members[name] = b""
    elif kind == 2:
        members[f"__MACOSX/._{name}"] = members[name][:50]
    elif kind == 3:
        members = {f"a/b {n}": content for n, content in members.items()}
    elif kind == 4:
        members[name.rsplit(".", 1)[0] + ".cpg"] = chance.choice((b"1252", b"UTF-8", b"hex", b"\xff", b"LDID/87"))
    else:
        members[name] = _with_odd_bytes(members[name], chance)
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for each, content in members.items():
            archive.writestr(each, content)
    return out.getvalue()


def _with_odd_metadata(data: bytes, chance: random.Random) -> bytes:
    table = pq.read_table(BytesIO(data))
    geo = json.dumps(_with_odd_node(json.loads(table.schema.metadata[b"geo"]), chance))
    values = [_with_odd_bytes(v, chance) if chance.random() < 0.5 else v for v in table.column("geometry").to_pylist()]
    values = [None if chance.random() < 0.05 else value for value in values]
    table = table.drop(["geometry"]).append_column("geometry", [values])
    out = BytesIO()
    pq.write_table(table.replace_schema_metadata({"geo": geo}), out)
    return out.getvalue()


def outcome(path: Path, folder: Path) -> str:
    """Load one file as `load_boundaries` does, without the database; return how it ended.

    Any other error than one with a message for the operator is raised.
    """
    try:
        boundaries = read_boundaries(path, "cd")
        write_vintage(folder / "vintage", boundaries)
    except VotekinError as error:
        if path.name not in str(error):
            raise AssertionError(f"the message does not name the file: {error}") from error
        return type(error).__name__
    finally:
        shutil.rmtree(folder / "vintage", ignore_errors=True)
    return "loaded"


def run(first: int, last: int, folder: Path, kept: Path) -> Counter[str]:
    """Load the files of some seeds; keep those that break the loader."""
    goods = sources(folder / "good")
    outcomes: Counter[str] = Counter()
    signal.signal(signal.SIGALRM, _too_slow)
    for seed in range(first, last):
        suffix = list(goods)[seed % len(goods)]
        path = folder / f"seed{seed}{suffix}"
        path.write_bytes(mutated(goods[suffix], suffix, random.Random(seed)))
        signal.alarm(SECONDS_PER_FILE)
        try:
            outcomes[outcome(path, folder)] += 1
        except Exception as error:  # noqa: BLE001 - whatever breaks is what this looks for
            outcomes["BROKE"] += 1
            shutil.copy(path, kept)
            place = traceback.extract_tb(error.__traceback__)[-1]
            sys.stdout.write(
                f"{path.name}: {type(error).__name__}: {str(error)[:150]} ({place.filename}:{place.lineno})\n"
            )
        finally:
            signal.alarm(0)
        path.unlink()
    return outcomes


def _too_slow(*_: object) -> None:
    raise TimeoutError(f"longer than {SECONDS_PER_FILE} s")


def main() -> None:
    """Run in processes of FILES_PER_PROCESS files each, and report crashes by the file that was open."""
    if sys.argv[1] == "--part":
        outcomes = run(int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]), Path(sys.argv[5]))
        sys.stdout.write(json.dumps(outcomes) + "\n")
        return
    count = int(sys.argv[1])
    kept = Path(sys.argv[2]) if len(sys.argv) > 2 else Path("bench/out/fuzz")
    kept.mkdir(parents=True, exist_ok=True)
    total: Counter[str] = Counter()
    for first in range(0, count, FILES_PER_PROCESS):
        with tempfile.TemporaryDirectory() as folder:
            last = min(first + FILES_PER_PROCESS, count)
            part = [
                sys.executable,
                "-m",
                "tests.districts.sources.fuzz",
                "--part",
                str(first),
                str(last),
                folder,
                str(kept),
            ]
            process = subprocess.run(part, capture_output=True, text=True, check=False)
            *lines, counts = process.stdout.splitlines() or [""]
            sys.stdout.writelines(f"{line}\n" for line in lines)
            if process.returncode:
                total["CRASHED"] += 1
                for path in Path(folder).glob("seed*"):
                    shutil.copy(path, kept)
                    sys.stdout.write(f"{path.name}: ended with {process.returncode}: {process.stderr[-300:]}\n")
            else:
                total.update(json.loads(counts))
    sys.stdout.write(f"{dict(total)}\n")


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.dev")

    django.setup()
    main()
