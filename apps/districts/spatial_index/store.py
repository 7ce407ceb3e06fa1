"""The index on disk: a folder of .npy files and a manifest with their types, sizes and checksums.

The folder is written under a temporary name and renamed, so that a folder with its final name is always complete.
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
MIN_MAPPED_BYTES = 1 << 18  # bytes


class CellsError(Exception):
    """An index folder is missing, damaged, or in another format; the message says what to do."""


def write_cells(folder: Path, arrays: CellArrays, polygons: int) -> None:
    """Write the index to `folder`, which must not exist yet."""
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    try:
        entries = {field.name: _write(draft, field.name, getattr(arrays, field.name)) for field in fields(CellArrays)}
        manifest = {"format": FORMAT, "polygons": polygons, "arrays": entries}
        (draft / MANIFEST).write_text(json.dumps(manifest, indent=1))
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


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
    """Return the manifest of an index folder; raise CellsError if it is missing, unreadable or in another format."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise CellsError(f"No cell index in {folder.name}: load the boundaries again. ({error})") from error
    if manifest.get("format") != FORMAT:
        raise CellsError(f"The cell index in {folder.name} has another format: load the boundaries again.")
    return dict(manifest)


def read_arrays(folder: Path) -> tuple[int, CellArrays]:
    """Return the number of polygons and the arrays, memory-mapped and read-only.

    Checks sizes and types; `verify_cells` checks the checksums, which takes reading every byte.
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
        raise ValueError("its size differs from the manifest")
    # Every mapped file takes a file descriptor, of which a process has 1,024; so small files are read instead.
    large = path.stat().st_size >= MIN_MAPPED_BYTES
    array: np.ndarray = np.load(path, mmap_mode="r" if large else None, allow_pickle=False)
    array.flags.writeable = False
    return array


def verify_cells(folder: Path) -> list[str]:
    """Return the names of the arrays whose files differ from the manifest's checksums."""
    entries = read_manifest(folder)["arrays"]
    paths = {name: folder / f"{name}.npy" for name in entries}
    return [name for name, path in paths.items() if not path.is_file() or _digest(path) != entries[name]["sha256"]]
