"""Load boundaries, addresses and ZIP codes. Each load goes live as a whole, or not at all."""

import re
import shutil
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

from django.db import transaction

from apps.core import page_cache
from apps.core.errors import BadInput, Refused

from .addresses.files import AddressRow, read_rows
from .addresses.store import connect, replace_areas, replace_source
from .layer_bounds import bounds_of_other_layers
from .lookup import clear_vintage_cache, today, vintage_ids
from .models import Vintage, addresses_file, boundaries_folder
from .ocd_list import compare_with_list
from .sources.boundaries import read_all
from .sources.layers import check_layer_name
from .sources.zip_files import read_zip_areas, read_zip_table
from .vintage_files import write_vintage
from .zips import AREA_SOURCE_KIND, delete_shares, refresh_shares, replace_list

# A folder without a row is left over from a killed load; a running load is younger than this.
ABANDONED_SECONDS = 24 * 3600


def load_boundaries(
    *,
    path: Path | Sequence[Path],
    layer: str,
    vintage: str,
    id_column: str = "ocdid",
    crs: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    print_progress: Callable[[str], object] = lambda _: None,
) -> Vintage:
    """Load one file, or several that form a layer together, as one vintage, replacing the same layer and vintage.

    Builds the index first, then swaps one row. Calls `print_progress` with a sentence at each stage. `crs` overrides
    the coordinate system that a file states. Raises BadInput for invalid arguments and files, Refused if the file has
    no usable district.
    """
    check_layer_name(layer)
    if layer == "zip_area":
        raise BadInput("--layer zip_area: load areas of ZIP codes with load_zips.")
    if not re.fullmatch(r"[\w.+ -]{1,80}", vintage):
        raise BadInput("--vintage: letters, digits, spaces and . + - _ only, at most 80 characters.")
    if valid_from and valid_to and valid_to < valid_from:
        raise BadInput(f"--valid-to {valid_to} is before --valid-from {valid_from}.")
    paths = [path] if isinstance(path, Path) else list(path)
    print_progress(f"Reading {paths[0].name}{f' and {len(paths) - 1} more' if len(paths) > 1 else ''}")
    boundaries = read_all(paths, layer, id_column, crs=crs, loaded=bounds_of_other_layers(layer, vintage))
    boundaries.report.listed = compare_with_list(boundaries.ids, valid_from or today())
    folder = f"{layer}-{uuid.uuid4().hex[:16]}"
    print_progress(f"Indexing {len(boundaries.ids)} divisions")
    write_vintage(boundaries_folder() / folder, boundaries)
    new_load = Vintage(
        layer=layer,
        name=vintage,
        valid_from=valid_from,
        valid_to=valid_to,
        folder=folder,
        source=(paths[0].name if len(paths) == 1 else f"{paths[0].name} and {len(paths) - 1} more")[:200],
        divisions=len(boundaries.ids),
        report=boundaries.report.as_json(),
    )
    try:
        _make_live(new_load)
    except BaseException:
        shutil.rmtree(new_load.path, ignore_errors=True)
        raise
    print_progress("Counting houses by ZIP code")
    refresh_shares(new_load)
    _remove_abandoned_folders()
    return new_load


def _make_live(vintage: Vintage) -> None:
    """Make a new load live, keep the previous one for a rollback, and delete older ones."""
    with transaction.atomic():
        earlier = list(Vintage.objects.loads_of(vintage.layer, vintage.name).select_for_update())
        Vintage.objects.filter(pk__in=[load.pk for load in earlier]).update(live=False)
        vintage.save()
        previous = next((load for load in earlier if load.live), None)
        outdated = [load for load in earlier if load is not previous]
        Vintage.objects.filter(pk__in=[load.pk for load in outdated]).delete()
        transaction.on_commit(clear_vintage_cache)
        page_cache.published()
        transaction.on_commit(lambda: _delete_folders(outdated))


def _delete_folders(loads: list[Vintage]) -> None:
    # Processes that have mapped the files can read them until they close them.
    for load in loads:
        shutil.rmtree(boundaries_folder() / load.folder, ignore_errors=True)
    delete_shares([load.folder for load in loads])


def roll_back_boundaries(*, layer: str, vintage: str) -> Vintage:
    """Make the previous load of a vintage live again; a second call undoes it. Raises Refused if there is none."""
    with transaction.atomic():
        loads = list(Vintage.objects.loads_of(layer, vintage).select_for_update())
        earlier: Vintage | None = next((load for load in loads if not load.live), None)
        if earlier is None:
            raise Refused(f"{layer} {vintage} has no earlier load to go back to.")
        Vintage.objects.loads_of(layer, vintage).update(live=False)
        earlier.live = True
        earlier.save(update_fields=["live"])
        transaction.on_commit(clear_vintage_cache)
        page_cache.published()
    refresh_shares(earlier)
    return earlier


def remove_boundaries(*, layer: str, vintage: str) -> None:
    """Delete every load of a vintage; raise Refused if there is none."""
    with transaction.atomic():
        loads = list(Vintage.objects.loads_of(layer, vintage).select_for_update())
        if not loads:
            raise Refused(f"There is no vintage {vintage} of the layer {layer}.")
        Vintage.objects.filter(pk__in=[load.pk for load in loads]).delete()
        transaction.on_commit(clear_vintage_cache)
        page_cache.published()
        transaction.on_commit(lambda: _delete_folders(loads))


def _remove_abandoned_folders() -> None:
    """Delete the folders of killed loads."""
    known = set(Vintage.objects.values_list("folder", flat=True))
    for folder in boundaries_folder().iterdir():
        if folder.name not in known and time.time() - folder.stat().st_mtime > ABANDONED_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def load_addresses(
    *,
    path: Path,
    kind: str | None = None,
    wrap_rows: Callable[[Iterator[AddressRow]], Iterator[AddressRow]] = iter,
    update_counts: bool = True,
) -> dict[str, object]:
    """Load one address file, replacing an earlier one of the same name; return loaded and skipped (by reason).

    `wrap_rows` may wrap the rows to show progress. Without `update_counts`, the caller must call `count_houses` after
    the last file. Raises BadInput for an invalid file, Refused if it has no usable address.
    """
    skipped: Counter[str] = Counter()

    def rows() -> Iterator[AddressRow]:
        is_empty = True
        for row in wrap_rows(read_rows(path, kind, skipped)):
            is_empty = False
            yield row
        if is_empty:
            raise Refused(f"{path.name} has no usable address; nothing was loaded. Skipped: {dict(skipped)}")

    loaded = replace_source(addresses_file(), path.name, kind or "", rows())
    if update_counts:
        count_houses()
    return {"loaded": loaded, "skipped": dict(skipped)}


def load_zip_areas(*, path: Path, update_counts: bool = True) -> dict[str, object]:
    """Load the areas of ZIP codes, replacing earlier ones; used for ZIP codes without loaded addresses.

    Raises BadInput for an invalid file, Refused if it has no area with a ZIP code.
    """
    areas = ((code, places.tobytes()) for code, places in read_zip_areas(path))
    loaded = replace_areas(addresses_file(), path.name, AREA_SOURCE_KIND, areas)
    if update_counts:
        count_houses()
    return {"loaded": loaded}


def load_zip_table(*, path: Path, layer: str, vintage: str) -> dict[str, object]:
    """Load a table of the divisions that each ZIP code overlaps, for one vintage.

    Skips a ZIP code with a division that the vintage lacks, because an incomplete result would be wrong. Raises
    BadInput for an invalid file, Refused without such a vintage or without a usable row.
    """
    live_load = Vintage.objects.loads_of(check_layer_name(layer), vintage).live().first()
    if live_load is None:
        raise Refused(
            f"There is no vintage {vintage} of the layer {layer}: load its boundaries first, with load_boundaries."
        )
    table, known = read_zip_table(path, layer), set(vintage_ids(live_load))
    incomplete = {code for code, ocd_id, _ in table.rows if ocd_id not in known}
    rows = [row for row in table.rows if row[0] not in incomplete]
    if not rows:
        raise Refused(f"{path.name} has no division of {layer} {vintage}; nothing was loaded.")
    replace_list(layer, vintage, rows)
    skipped = table.skipped + Counter({"a ZIP code with a division that this vintage lacks": len(incomplete)})
    return {"loaded": len({code for code, *_ in rows}), "skipped": dict(+skipped)}


def count_houses() -> None:
    """Recount the houses and areas of every ZIP code by district, for every live vintage."""
    for vintage in Vintage.objects.live():
        refresh_shares(vintage)


def address_sources() -> dict[str, int]:
    """Return the loaded address files by name, with their numbers of rows."""
    with closing(connect(addresses_file())) as connection:
        return dict(connection.execute("SELECT name, rows FROM sources ORDER BY name").fetchall())
