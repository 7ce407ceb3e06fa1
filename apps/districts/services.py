"""Writes of the district room: loads of boundaries and addresses, each live at once and whole, or not at all."""

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
from .lookup import forget_vintages, ids_of, today
from .models import Vintage, addresses_file, boundaries_folder
from .ocd_list import compared
from .sources.boundaries import read_all
from .sources.layers import check_layer_name
from .sources.zip_files import read_zip_areas, read_zip_table
from .vintage_files import write_vintage
from .zips import AREAS, forget_shares, refresh_shares, replace_list

# A folder without a row is a load that was killed; a load that still runs is younger than this.
ABANDONED_SECONDS = 24 * 3600


def load_boundaries(
    *,
    path: Path | Sequence[Path],
    layer: str,
    vintage: str,
    id_column: str = "ocdid",
    valid_from: date | None = None,
    valid_to: date | None = None,
    say: Callable[[str], object] = lambda _: None,
) -> Vintage:
    """Loads one file (or several that make a layer together) as one vintage; the same layer and vintage again takes
    the place of the one before.

    The index is built beside, then one row is swapped in. `say` is told what is going on. Raises BadInput for
    arguments and files that cannot be used, Refused when the file has no usable district.
    """
    check_layer_name(layer)
    if layer == "zip_area":
        raise BadInput("--layer zip_area: areas of ZIP codes are loaded by load_zips.")
    if not re.fullmatch(r"[\w.+ -]{1,80}", vintage):
        raise BadInput("--vintage: letters, digits, spaces and . + - _ only, at most 80 signs.")
    if valid_from and valid_to and valid_to < valid_from:
        raise BadInput(f"--valid-to {valid_to} lies before --valid-from {valid_from}.")
    paths = [path] if isinstance(path, Path) else list(path)
    say(f"Reading {paths[0].name}{f' and {len(paths) - 1} more' if len(paths) > 1 else ''}")
    boundaries = read_all(paths, layer, id_column)
    boundaries.report.listed = compared(boundaries.ids, valid_from or today())
    folder = f"{layer}-{uuid.uuid4().hex[:16]}"
    say(f"Indexing {len(boundaries.ids)} divisions")
    write_vintage(boundaries_folder() / folder, boundaries)
    made = Vintage(
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
        _swap_in(made)
    except BaseException:
        shutil.rmtree(made.path, ignore_errors=True)
        raise
    say("Counting houses by ZIP code")
    refresh_shares(made)
    _sweep()
    return made


def _swap_in(made: Vintage) -> None:
    """Makes a new row live, keeps the one before it, and drops what was kept for a rollback until now."""
    with transaction.atomic():
        earlier = list(Vintage.objects.of(made.layer, made.name).select_for_update())
        Vintage.objects.filter(pk__in=[each.pk for each in earlier]).update(live=False)
        made.save()
        kept = next((each for each in earlier if each.live), None)
        gone = [each for each in earlier if each is not kept]
        Vintage.objects.filter(pk__in=[each.pk for each in gone]).delete()
        transaction.on_commit(forget_vintages)
        page_cache.published()
        transaction.on_commit(lambda: _drop_folders(gone))


def _drop_folders(gone: list[Vintage]) -> None:
    # A process that still has the files mapped keeps them until it lets go.
    for each in gone:
        shutil.rmtree(boundaries_folder() / each.folder, ignore_errors=True)
    forget_shares([each.folder for each in gone])


def roll_back_boundaries(*, layer: str, vintage: str) -> Vintage:
    """Makes the load before the last one live again; a second call undoes the first. Raises Refused if there
    is none.
    """
    with transaction.atomic():
        loads = list(Vintage.objects.of(layer, vintage).select_for_update())
        earlier: Vintage | None = next((each for each in loads if not each.live), None)
        if earlier is None:
            raise Refused(f"{layer} {vintage} has no earlier load to go back to.")
        Vintage.objects.of(layer, vintage).update(live=False)
        earlier.live = True
        earlier.save(update_fields=["live"])
        transaction.on_commit(forget_vintages)
        page_cache.published()
    refresh_shares(earlier)
    return earlier


def remove_boundaries(*, layer: str, vintage: str) -> None:
    """Takes every load of a vintage out of the look-ups and off the disk."""
    with transaction.atomic():
        gone = list(Vintage.objects.of(layer, vintage).select_for_update())
        if not gone:
            raise Refused(f"There is no vintage {vintage} of the layer {layer}.")
        Vintage.objects.filter(pk__in=[each.pk for each in gone]).delete()
        transaction.on_commit(forget_vintages)
        page_cache.published()
        transaction.on_commit(lambda: _drop_folders(gone))


def _sweep() -> None:
    """Removes the folders that killed loads left behind."""
    known = set(Vintage.objects.values_list("folder", flat=True))
    for folder in boundaries_folder().iterdir():
        if folder.name not in known and time.time() - folder.stat().st_mtime > ABANDONED_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def load_addresses(
    *,
    path: Path,
    kind: str | None = None,
    watch: Callable[[Iterator[AddressRow]], Iterator[AddressRow]] = iter,
    then_count: bool = True,
) -> dict[str, object]:
    """Loads one address file; the same file name again takes its place. Returns loaded and skipped, by
    reason.

    `watch` may wrap the rows to show progress; without `then_count` the caller calls `count_houses` after the last.
    Raises BadInput for a file that cannot be used, Refused when it has no usable address.
    """
    skipped: Counter[str] = Counter()

    def rows() -> Iterator[AddressRow]:
        found = False
        for row in watch(read_rows(path, kind, skipped)):
            found = True
            yield row
        if not found:
            raise Refused(f"{path.name} has no usable address; nothing was loaded. Left out: {dict(skipped)}")

    loaded = replace_source(addresses_file(), path.name, kind or "", rows())
    if then_count:
        count_houses()
    return {"loaded": loaded, "skipped": dict(skipped)}


def load_zip_areas(*, path: Path, then_count: bool = True) -> dict[str, object]:
    """Loads the areas of ZIP codes, in place of earlier ones: they answer where no address with the code is loaded.

    Raises BadInput for a file that cannot be used, Refused when it has no area with a ZIP code.
    """
    areas = ((code, places.tobytes()) for code, places in read_zip_areas(path))
    loaded = replace_areas(addresses_file(), path.name, AREAS, areas)
    if then_count:
        count_houses()
    return {"loaded": loaded}


def load_zip_table(*, path: Path, layer: str, vintage: str) -> dict[str, object]:
    """Loads a table of the divisions that each ZIP code touches, for the lines of one vintage.

    A ZIP code with a division that these lines lack is left out whole: an answer with a part of its divisions would
    be wrong. Raises BadInput for a file that cannot be used, Refused without such a vintage or without a usable row.
    """
    found = Vintage.objects.of(check_layer_name(layer), vintage).live().first()
    if found is None:
        raise Refused(
            f"There is no vintage {vintage} of the layer {layer}: load its lines first, with load_boundaries."
        )
    table, known = read_zip_table(path, layer), set(ids_of(found))
    strange = {code for code, ocd_id, _ in table.rows if ocd_id not in known}
    rows = [row for row in table.rows if row[0] not in strange]
    if not rows:
        raise Refused(f"{path.name} names no division of {layer} {vintage}; nothing was loaded.")
    replace_list(layer, vintage, rows)
    skipped = table.skipped + Counter({"a ZIP code with a division that these lines lack": len(strange)})
    return {"loaded": len({code for code, *_ in rows}), "skipped": dict(+skipped)}


def count_houses() -> None:
    """Counts the houses and areas of every ZIP code by district anew, for every live vintage."""
    for vintage in Vintage.objects.live():
        refresh_shares(vintage)


def address_sources() -> dict[str, int]:
    """The loaded address files by name, with how many rows each gave."""
    with closing(connect(addresses_file())) as connection:
        return dict(connection.execute("SELECT name, rows FROM sources ORDER BY name").fetchall())
