"""The index on disk: a folder of .npy files and a manifest that says what they must be.

The folder is written beside its final place and renamed, so that a folder under its final name is always
whole.
"""

import hashlib
import json
import os
import shutil
from dataclasses import fields
from pathlib import Path

import numpy as np

from apps.districts.spatial_index.build import CellArrays

FORMAT = 1
MANIFEST = "manifest.json"
MAPPED_FROM = 1 << 18  # bytes


class CellsError(Exception):
    """An index folder that is missing, of another format, or damaged; the text says what to do."""


def write_cells(folder: Path, arrays: CellArrays, polygons: int) -> None:
    """Writes the index under `folder`, which must not exist yet."""
    beside = folder.with_name(f".{folder.name}.{os.getpid()}.new")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True, mode=0o700)
    try:
        entries = {field.name: _write(beside, field.name, getattr(arrays, field.name)) for field in fields(CellArrays)}
        manifest = {"format": FORMAT, "polygons": polygons, "arrays": entries}
        (beside / MANIFEST).write_text(json.dumps(manifest, indent=1))
        beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _write(folder: Path, name: str, array: np.ndarray) -> dict[str, object]:
    path = folder / f"{name}.npy"
    np.save(path, array)
    path.chmod(0o600)
    return {
        "dtype": array.dtype.str,
        "length": len(array),
        "bytes": path.stat().st_size,
        "sha256": _digest(path),
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(folder: Path) -> dict[str, dict[str, dict[str, object]]]:
    """The manifest of an index folder. Raises CellsError when it is missing, unreadable or of another format."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise CellsError(f"No cell index in {folder.name}: load the boundaries again. ({error})") from error
    if manifest.get("format") != FORMAT:
        raise CellsError(f"The cell index in {folder.name} has another format: load the boundaries again.")
    return dict(manifest)


def read_arrays(folder: Path) -> tuple[int, CellArrays]:
    """The number of polygons and the arrays, mapped into memory and read only.

    Sizes and types are checked here; the checksums only in `verify_cells`, because they read every byte.
    """
    manifest = read_manifest(folder)
    arrays = {}
    for name, entry in manifest["arrays"].items():
        path = folder / f"{name}.npy"
        try:
            arrays[name] = _mapped(path, entry)
        except (OSError, ValueError) as error:
            raise CellsError(f"{folder.name}/{path.name} is damaged: load the boundaries again. ({error})") from error
    return int(str(manifest["polygons"])), CellArrays(**arrays)


def _mapped(path: Path, entry: dict[str, object]) -> np.ndarray:
    if path.stat().st_size != entry["bytes"]:
        raise ValueError("another size than the manifest says")
    # A mapped file holds a descriptor for as long as it is open, and a user has 1,024: small ones are read.
    large = path.stat().st_size >= MAPPED_FROM
    array: np.ndarray = np.load(path, mmap_mode="r" if large else None, allow_pickle=False)
    array.flags.writeable = False
    return array


def verify_cells(folder: Path) -> list[str]:
    """The names of the files whose contents differ from the manifest's checksums; empty when all is well."""
    entries = read_manifest(folder)["arrays"]
    paths = {name: folder / f"{name}.npy" for name in entries}
    return [name for name, path in paths.items() if not path.is_file() or _digest(path) != entries[name]["sha256"]]
